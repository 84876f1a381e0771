"""Comment les ESMS d'Ain-Rhône se préparent : données à reprendre, demandes de paramétrage, avis. Tout est inventé."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from programme.demonstration.ain_rhone.grappe import ENFANCE, NOM
from programme.demonstration.calendrier import Calendrier
from programme.demonstration.recit import franchir
from programme.enums import AttenteDemande, Chantier, EtatChantier, EtatParcours, IssueDemande, NatureFait
from programme.enums import MoyenReprise as M
from programme.enums import SourceReprise as S
from programme.models import DemandeParametrage, LigneReprise, Module, Parcours, Utilisateur
from programme.services import lignes
from programme.services.chantiers import dire_etat
from programme.services.demandes import demander
from programme.services.parcours import dater_fait

UN, DEUX, MAISON, QUATRE = ENFANCE
CHAMPS = ("quoi", "source", "moyen", "qui", "volume", "unite", "reste", "securite_soins")
REPRISES: Mapping[str, tuple[tuple[object, ...], ...]] = {
    DEUX: (
        ("Traitements et allergies", S.PAPIER, M.INTERNE, "Infirmière, deux matinées", 41, "fiches", 0, True),
        ("Projets personnalisés en cours", S.BUREAUTIQUE, M.INTERNE, "Référents de projet", 41, "projets", 12, False),
        ("Bulletins et bilans scolaires", S.PAPIER, M.AUCUN, "", 120, "documents", 120, False),
        ("Dossiers administratifs", S.BUREAUTIQUE, M.EDITEUR, "Éditeur, sur un fichier du secrétariat", 41,
         "dossiers", 41, False),
    ),
    QUATRE: (
        ("Mesures en cours et échéances", S.BUREAUTIQUE, M.INTERNE, "Secrétariat", 58, "mesures", 0, False),
        ("Comptes rendus de visite", S.PAPIER, M.AUCUN, "", 600, "pages", 600, False),
    ),
}  # fmt: skip
EN_PREPARATION: tuple[tuple[object, ...], ...] = (
    ("Traitements en cours", S.PAPIER, M.INTERNE, "Équipe de soins", 36, "fiches", 36, True),
    ("Dossiers administratifs", S.ANCIEN_DUI, M.EDITEUR, "Éditeur", 36, "dossiers", 20, False),
    ("Agenda des rendez-vous", S.AUTRE, "", "", None, "rendez-vous", None, False),
)
"""Ce que disent les autres ESMS en préparation, un sur deux."""


@dataclass(frozen=True)
class Recit:
    """Une demande et sa suite ; `esms` : un FINESS, ou le rang d'un ESMS déjà ouvert. `le` et la suite : des jours."""

    esms: str | int
    libelle: str
    module: str
    qui: str
    le: int
    attente: tuple[str, int] | None = None
    issue: tuple[str, int, str] | None = None
    retrait: tuple[int, str] | None = None
    precision: str = ""


A, R = AttenteDemande, IssueDemande
DEMANDES = (
    Recit(DEUX, "Voir d'un coup d'œil ce que la nuit a noté", "journal-de-bord", "Équipe de nuit", 46,
          (A.DIRECTION, 40), (R.PRATIQUE, 31, "On note à 6 h 30, sous un seul titre : plus besoin de filtre.")),
    Recit(0, "Une relève par groupe de vie, et non par service", "journal-de-bord", "Éducateurs", 58, (A.PROJET, 54),
          (R.REGLAGE, 41, "Le réglage du modèle commun distingue désormais les groupes de vie.")),
    Recit(1, "Séparer la relève de nuit de celle du jour", "journal-de-bord", "Veilleuses de nuit", 33, (A.PROJET, 29)),
    Recit(MAISON, "Lire le dossier d'un enfant accueilli en relais", "dossier-administratif", "Éducateurs", 60,
          (A.DIRECTION, 55), (R.DROIT, 38, "On ne lit que les enfants qu'on suit : le relais reçoit une fiche.")),
    Recit(UN, "Cocher la présence au repas depuis la tablette", "agenda", "Équipe éducative", 22, (A.EDITEUR, 15),
          precision="Aujourd'hui il faut six gestes par enfant ; à midi, personne ne les fait."),
    Recit(2, "Cocher le repas pour tout un groupe à la fois", "agenda", "Maîtresse de maison", 41, (A.EDITEUR, 30),
          (R.EDITEUR, 12, "L'éditeur l'a inscrit à sa version de printemps.")),
    Recit(QUATRE, "Un rappel quinze jours avant la fin d'une mesure", "agenda", "Secrétariat", 9),
    Recit(DEUX, "Un champ pour le régime alimentaire", "soins", "Cuisine, infirmière", 6, (A.DIRECTION, 2)),
    Recit(3, "Imprimer le projet en gros caractères", "projet-personnalise", "Conseil de la vie sociale", 28,
          retrait=(20, "La fonction existait : elle est dans le menu d'impression.")),
    Recit(4, "Rattacher un courrier au projet", "projet-personnalise", "Secrétariat", 57, (A.PROJET, 55),
          (R.PRATIQUE, 44, "Un courrier se range au dossier administratif ; le projet y renvoie.")),
)  # fmt: skip


def creer(comptes: Mapping[str, Utilisateur], calendrier: Calendrier) -> None:
    """Écrit tout cela par ses auteurs, et rejoue les suites par la porte."""
    cheffe, directrice = (Utilisateur.objects.get(pk=comptes[nom].pk) for nom in ("cheffe", "directrice"))
    lus = Parcours.objects.filter(grappe__nom=NOM).dans_le_projet().select_related("esms__departement", "grappe")
    par_finess = {p.esms.finess: p for p in lus}
    for finess, dites in REPRISES.items():
        _reprendre(par_finess[finess], dites, directrice, calendrier.dans_jours(15))
    autres = [p for p in lus if p.etat == EtatParcours.PREPARATION and p.esms.finess not in REPRISES]
    for p in autres[::2]:
        _reprendre(p, EN_PREPARATION, cheffe, calendrier.dans_jours(45))
    _demander(par_finess, [p for p in lus if p.rang >= OUVERTS], cheffe, directrice, calendrier)
    _juger(par_finess, cheffe, directrice, calendrier)


OUVERTS = 5
"""Rang d'un ESMS en ouverture, sur la frise."""


def _reprendre(parcours: Parcours, dites: tuple[tuple[object, ...], ...], par: Utilisateur, le: date) -> None:
    for dite in dites:
        valeurs = dict(zip(CHAMPS, dite, strict=True))
        valeurs["echeance"] = le if valeurs["reste"] and valeurs["moyen"] != M.AUCUN else None
        lignes.enregistrer(parcours=parcours, modele=LigneReprise, valeurs=valeurs, par=par)


def _demander(
    connus: Mapping[str, Parcours],
    ouverts: list[Parcours],
    cheffe: Utilisateur,
    directrice: Utilisateur,
    c: Calendrier,
) -> None:
    modules = {m.code: m for m in Module.objects.all()}
    for recit in DEMANDES:
        parcours = ouverts[recit.esms] if isinstance(recit.esms, int) else connus[recit.esms]
        auteur = directrice if parcours.esms.finess in ENFANCE else cheffe
        demande = demander(
            parcours=parcours,
            libelle=recit.libelle,
            module=modules[recit.module],
            demandee_par=recit.qui,
            precision=recit.precision,
            ouverte_le=c.jours(recit.le),
            par=auteur,
        )
        _donner_suite(demande, recit, cheffe, auteur, c)


def _donner_suite(
    demande: DemandeParametrage, recit: Recit, cheffe: Utilisateur, auteur: Utilisateur, c: Calendrier
) -> None:
    """La cheffe instruit ; conclut qui la suite attendait ; retire qui avait demandé."""
    if recit.attente:
        attente, jours = recit.attente
        franchir(demande, "instruire", par=cheffe, le=c.jours(jours), attente=attente)
    if recit.issue:
        issue, jours, reponse = recit.issue
        par = auteur if demande.attente == A.DIRECTION else cheffe
        franchir(demande, "conclure", par=par, le=c.jours(jours), motif=reponse, issue=issue)
    if recit.retrait:
        jours, motif = recit.retrait
        franchir(demande, "retirer", par=auteur, le=c.jours(jours), motif=motif)


def _juger(connus: Mapping[str, Parcours], cheffe: Utilisateur, directrice: Utilisateur, c: Calendrier) -> None:
    """Deux avis qui s'écartent du calcul, et les dates que le cadre légal et le paramétrage attendaient."""
    dater_fait(
        parcours=[connus[f] for f in (UN, DEUX, MAISON)], nature=NatureFait.CVS, date=c.jours(48),
        reference="Compte rendu du CVS, point 3", par=directrice,
    )  # fmt: skip
    dater_fait(parcours=[connus[DEUX]], nature=NatureFait.PARAMETRAGE, date=c.jours(12), par=directrice)
    ouverts = [p for p in connus.values() if p.rang >= OUVERTS and p.esms.finess not in ENFANCE]
    dater_fait(parcours=ouverts[::2], nature=NatureFait.PARAMETRAGE, date=c.jours(51), par=cheffe)
    dire_etat(
        parcours=connus[DEUX], chantier=Chantier.MATERIEL, etat=EtatChantier.PRET, par=directrice,
        motif="Postes et tablettes livrés, essayés par l'équipe de nuit ; reste à les compter ici.",
    )  # fmt: skip
    dire_etat(
        parcours=connus[QUATRE], chantier=Chantier.DROITS, etat=EtatChantier.PRET, par=directrice,
        motif="Un seul profil pour toute l'équipe : la matrice n'apporterait rien.",
    )  # fmt: skip
