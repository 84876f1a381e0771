"""Ce que les ESMS d'Ain-Rhône ont dit de leur SI, de leurs besoins, de leurs moyens. Tout y est inventé."""

from collections.abc import Mapping, Sequence
from typing import Any

from programme.demonstration.ain_rhone.grappe import ASSOCIATION, ENFANCE, NOM
from programme.demonstration.calendrier import Calendrier
from programme.enums import (
    Couverture,
    DomaineApplication,
    Expertise,
    MethodeRecolte,
    NatureDocument,
    NatureFait,
    PerimetreSollicite,
    PrioriteBesoin,
    SortApplication,
    TempsEcriture,
)
from programme.models import (
    Application,
    Besoin,
    DocumentSi,
    Fait,
    Grappe,
    Metier,
    Module,
    Parcours,
    PersonneRessource,
    TempsMetier,
    Utilisateur,
)
from programme.services import besoins, lignes
from programme.services.equipement import decrire_equipement
from programme.services.parcours import dater_fait

D, S, P = DomaineApplication, SortApplication, PrioriteBesoin
SANS_REPONSE = 4
"""Un ESMS sur quatre n'a rien dit encore : une grappe n'est jamais au complet."""

DE_L_OG = (
    ("Astreia Paie", "Maison Astreia", D.PAIE, S.GARDEE, "", "Siège, secrétariats"),
    ("Tempo Équipes", "Coopérative Tempo", D.TEMPS, S.INTERFACEE, "Présences des équipes vers l'agenda", "Tous"),
    ("Livre des comptes", "Maison Astreia", D.FACTURATION, S.INTERFACEE, "Journées réalisées, chaque mois", "Siège"),
    ("Partage de fichiers du siège", "", D.DOCUMENTS, S.GARDEE, "", "Tous, avec leur compte"),
    ("Courrier interne", "", D.MESSAGERIE, S.GARDEE, "", "Tous"),
)
LOCALES = (
    ("Classeur Excel des projets", "", D.DOSSIER, S.REMPLACEE, "Reprise des projets en cours", "Référents"),
    ("Pilulier numérique", "Officine et Cie", D.SOINS, S.INTERFACEE, "Prescriptions, dans les deux sens", "Infirmiers"),
    ("Carnet des transports", "Atelier du Rhône", D.AGENDA, S.A_DECIDER, "", "Chauffeurs, accueil"),
    ("Registre des événements", "Officine et Cie", D.QUALITE, S.GARDEE, "", "Tous"),
    ("Menus de la semaine", "Atelier du Rhône", D.HOTELLERIE, S.ARRETEE, "", "Cuisine"),
    ("Cahier de liaison partagé", "", D.DOSSIER, S.REMPLACEE, "", "Équipes de jour et de nuit"),
)
BESOINS = (
    ("Lire en une page ce qui s'est passé la nuit", "journal-de-bord", P.INDISPENSABLE, "Relève de 7 h"),
    ("Une relève qui tient sur un seul écran", "journal-de-bord", P.UTILE, ""),
    ("Voir les rendez-vous médicaux dans l'agenda de tous", "agenda", P.INDISPENSABLE, ""),
    ("Un agenda que toutes les équipes remplissent", "agenda", P.UTILE, "Transports compris"),
    ("Imprimer le projet en facile à lire", "projet-personnalise", P.UTILE, "Pour la personne et ses proches"),
    ("Écrire avec la voix, sur tablette", None, P.PLUS_TARD, "Équipes de nuit"),
    ("Savoir qui a lu la consigne de soins", "soins", P.INDISPENSABLE, ""),
    ("Retrouver les papiers d'une admission sans appeler le siège", "dossier-administratif", P.UTILE, ""),
)
COMMUNS = (
    ("Une relève lisible d'un coup d'œil, jour et nuit", (0, 1)),
    ("Un agenda commun à toutes les équipes", (2, 3)),
)
EQUIPEMENTS: Sequence[tuple[int, int, int, str, str, str]] = (
    (6, 5, 4, Couverture.PARTOUT, Couverture.PARTOUT, ""),
    (3, 6, 8, Couverture.PARTOUT, Couverture.EN_PARTIE, "Le wifi s'arrête avant les ateliers ; devis demandé."),
    (4, 4, 0, Couverture.EN_PARTIE, Couverture.ABSENT, "Deux salles de relève sans prise réseau."),
    (9, 8, 6, Couverture.PARTOUT, Couverture.PARTOUT, ""),
    (2, 5, 2, Couverture.PARTOUT, Couverture.EN_PARTIE, "Un poste par étage, partagé avec la pharmacie."),
)
TEMPS = (
    ("educateur-specialise", TempsEcriture.DECIDE, 20, "Direction du pôle"),
    ("surveillant-de-nuit", TempsEcriture.NON_DECIDE, None, "À trancher en réunion de direction"),
    ("infirmier", TempsEcriture.DECIDE, 30, "Direction du pôle"),
    ("enseignant", TempsEcriture.REFUSE, None, "Inspection, le temps n'est pas au médico-social"),
)


def creer(comptes: Mapping[str, Utilisateur], calendrier: Calendrier) -> None:
    """Écrit l'état des lieux par leurs auteurs : le siège pour tous les siens, la cheffe de projet pour les autres."""
    cheffe, siege, directrice = (Utilisateur.objects.get(pk=comptes[c].pk) for c in ("cheffe", "siege", "directrice"))
    lus = (
        Parcours.objects.filter(grappe__nom=NOM)
        .dans_le_projet()
        .select_related("esms__og", "esms__departement", "grappe")
    )
    parcours = list(lus)
    association = [p for p in parcours if p.esms.og and p.esms.og.finess == ASSOCIATION]
    _dire_pour_tous(association[0], siege)
    repondants = [p for rang, p in enumerate(parcours) if rang % SANS_REPONSE != SANS_REPONSE - 1]
    for rang, p in enumerate(repondants):
        _dire(p, rang, cheffe)
    _exprimer(parcours[0].grappe, repondants[:14], cheffe, calendrier)
    enfance = {p.esms.finess: p for p in parcours if p.esms.finess in ENFANCE}
    _dire_les_moyens(enfance[ENFANCE[2]], directrice)
    _completer_les_concertations(parcours, cheffe)


def _ajouter(parcours: Parcours, modele: Any, par: Utilisateur, *, pour_og: bool = False, **valeurs: Any) -> Any:
    return lignes.enregistrer(parcours=parcours, modele=modele, valeurs=valeurs, par=par, pour_og=pour_og)


def _application(parcours: Parcours, dite: tuple[str, ...], par: Utilisateur, *, pour_og: bool = False) -> None:
    champs = ("nom", "editeur", "domaine", "sort", "interface", "pour_qui")
    _ajouter(parcours, Application, par, pour_og=pour_og, **dict(zip(champs, dite, strict=True)))


def _dire_pour_tous(parcours: Parcours, siege: Utilisateur) -> None:
    """Ce que le siège de l'association dit une fois."""
    for dite in DE_L_OG:
        _application(parcours, dite, siege, pour_og=True)
    documents = (
        (NatureDocument.SCHEMA, "Feuille de route numérique", "Intranet du siège, rubrique Direction"),
        (NatureDocument.SECURITE, "Charte informatique", "Intranet du siège, livret d'accueil"),
        (NatureDocument.REGISTRE, "", "Déléguée à la protection des données"),
    )
    for nature, intitule, lieu in documents:
        _ajouter(parcours, DocumentSi, siege, pour_og=True, nature=nature, intitule=intitule, lieu=lieu)


def _dire(parcours: Parcours, rang: int, par: Utilisateur) -> None:
    """Deux applications locales et un équipement, tour à tour."""
    for decalage in (0, 2):
        _application(parcours, LOCALES[(rang + decalage) % len(LOCALES)], par)
    if rang % 3 != 2:
        noms = ("postes", "simultanes", "tablettes", "reseau", "wifi", "remarque")
        valeurs = dict(zip(noms, EQUIPEMENTS[rang % len(EQUIPEMENTS)], strict=True))
        decrire_equipement(parcours=parcours, valeurs=valeurs, par=par)


def _exprimer(grappe: Grappe, parcours: Sequence[Parcours], par: Utilisateur, calendrier: Calendrier) -> None:
    """Deux besoins par ESMS, les semblables rapprochés, des résultats diffusés à la moitié d'entre eux."""
    modules = {m.code: m for m in Module.objects.all()}
    perimetres, methodes = list(PerimetreSollicite), list(MethodeRecolte)
    ecrits: dict[int, list[Besoin]] = {}
    for rang, p in enumerate(parcours):
        for place in (rang % len(BESOINS), (rang + 3) % len(BESOINS)):
            libelle, module, priorite, precision = BESOINS[place]
            besoin = _ajouter(
                p,
                Besoin,
                par,
                libelle=libelle,
                module=modules.get(module or ""),
                priorite=priorite,
                perimetre=perimetres[rang % len(perimetres)],
                methode=methodes[rang % len(methodes)],
                precision=precision,
            )
            ecrits.setdefault(place, []).append(besoin)
    for libelle, places in COMMUNS:
        choisis = [b for place in places for b in ecrits[place]]
        besoins.rapprocher(grappe=grappe, besoins=choisis, par=par, libelle=libelle)
    dater_fait(parcours=parcours[::2], nature=NatureFait.DIFFUSION, date=calendrier.jours(25), par=par)


def _dire_les_moyens(parcours: Parcours, par: Utilisateur) -> None:
    """La maison d'enfants dit tout : du temps décidé, un refus, une personne sans une heure."""
    metiers = {m.code: m for m in Metier.objects.all()}
    for code, decision, minutes, qui in TEMPS:
        _ajouter(parcours, TempsMetier, par, metier=metiers[code], decision=decision, minutes=minutes, decide_par=qui)
    for fonction, expertise, heures in (
        ("Éducatrice, maison des grands", Expertise.METIER, (8, 4, 4)),
        ("Surveillant de nuit", Expertise.METIER, (6, 0, None)),
        ("Secrétaire", Expertise.DONNEES, (10, 10, 3)),
    ):
        demandees, accordees, degagees = heures
        _ajouter(
            parcours,
            PersonneRessource,
            par,
            fonction=fonction,
            expertise=expertise,
            heures_demandees=demandees,
            heures_accordees=accordees,
            heures_degagees=degagees,
        )


def _completer_les_concertations(parcours: Sequence[Parcours], par: Utilisateur) -> None:
    """Les concertations tenues disent qui l'on a rencontré ; ce qui a changé y était déjà, en précision."""
    dits = ("Internat, équipe de nuit, secrétariat", "Ateliers, moniteurs, accueil", "Soins, vie sociale")
    tenues = Fait.objects.filter(parcours__in=[p.pk for p in parcours], nature=NatureFait.CONCERTATION)
    par_cle = {p.pk: p for p in parcours}
    for rang, fait in enumerate(tenues.order_by("pk")):
        dater_fait(
            parcours=[par_cle[fait.parcours_id]],
            nature=fait.nature,
            date=fait.date,
            par=par,
            reference=fait.reference,
            services=dits[rang % len(dits)],
            changement=fait.note,
        )
