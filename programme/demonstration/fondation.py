"""La grappe d'une fondation d'Île-de-France : l'IME d'une monographie publiée, arrivé en routine sans mentir.

Dates de la grappe d'après la monographie (financement 2021, paramétrage fini en octobre 2022, VSR en décembre 2022) ;
le reste est inventé, comme les autres ESMS de la fondation.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from programme.demonstration.annuaire import FICTIF, Invente, creer_les_esms, creer_un_groupe, finess_de_fantaisie
from programme.demonstration.comptes import nommer
from programme.demonstration.recit import Recit
from programme.demonstration.scenario import Exclure, Fil, Lieu, Ouvrir, Pas
from programme.enums import (
    EtatOuverture,
    EtatParcours,
    IssueVerification,
    NatureFait,
    PointDepart,
    Role,
    TempsEcriture,
    TypeVerification,
)
from programme.models import Esms, Grappe, Module, OrganismeGestionnaire, Region, Solution, Utilisateur
from programme.services.conduite import consigner_verification, enregistrer_vague, mettre_en_vague
from programme.services.grappes import creer_grappe
from programme.services.ouvertures import modifier_ouverture
from programme.socle.porte import changer_etat

NOM = "Fondation, Île-de-France"
IME = "940711344"
DU = date(2021, 1, 4)
VSR = date(2022, 12, 15)
ROUTINE = date(2025, 12, 11)
MODULES = (
    "dossier-administratif",
    "journal-de-bord",
    "agenda",
    "projet-personnalise",
    "soins",
    "messagerie-securisee",
)

_SOEURS = (
    ("IME Le Clos des Aubépines", "183", "Antony", "92", "92160"),
    ("SESSAD Le Clos des Aubépines", "182", "Antony", "92", "92160"),
    ("ITEP Les Marronniers", "186", "Évry-Courcouronnes", "91", "91000"),
    ("MECS La Boussole", "177", "Melun", "77", "77000"),
    ("EHPAD Les Jardins d'hiver", "500", "Montmorency", "95", "95160"),
    ("EHPAD La Source aux Oiseaux", "500", "Rambouillet", "78", "78120"),
    ("Résidence autonomie Les Lilas blancs", "202", "Montreuil", "93", "93100"),
    ("MAS La Clairière", "255", "Dourdan", "91", "91410"),
    ("EAM Les Quatre Saisons", "448", "Provins", "77", "77160"),
    ("ESAT L'Établi", "246", "Champigny-sur-Marne", "94", "94500"),
    ("Foyer d'hébergement Le Belvédère", "252", "Champigny-sur-Marne", "94", "94500"),
    ("SAVS Le Passage", "446", "Créteil", "94", "94000"),
    ("SAMSAH Le Passage", "445", "Créteil", "94", "94000"),
    ("SSIAD Les Deux Rives", "354", "Nogent-sur-Marne", "94", "94130"),
)
_EN_ROUTINE = {
    0: date(2024, 2, 6),
    4: date(2023, 11, 14),
    6: date(2024, 6, 18),
    9: date(2023, 12, 5),
    11: date(2024, 9, 10),
}
"""Rang de la sœur → entrée en routine ; les autres sont en service régulier."""
_TENU = (
    (NatureFait.ARRIVANTS, date(2024, 1, 15), frozenset({0, 2, 4, 6, 9, 11, 13})),
    (NatureFait.BILAN, date(2023, 10, 17), frozenset({0, 4, 5, 6, 9})),
)
"""Fait, date, rangs des sœurs qui l'ont tenu."""
_JAMAIS_OUVERTS = {3: "projet-personnalise", 7: "agenda", 13: "projet-personnalise"}

PRESENTATION = (
    "Démonstration. Financement en 2021, paramétrage terminé en octobre 2022, VSR en décembre 2022 pour tous les "
    "ESMS : ces dates et l'IME viennent d'une monographie publiée ; les autres ESMS, leurs numéros et le reste sont "
    "inventés."
)


def _soeurs() -> list[Invente]:
    return [
        Invente(finess_de_fantaisie(departement, rang), f"{nom} {FICTIF}", categorie, ville, departement, code_postal)
        for rang, (nom, categorie, ville, departement, code_postal) in enumerate(_SOEURS, 1)
    ]


def fil_de_l_ime() -> Fil:
    """L'IME : pilote volontaire, parti du papier, journal de bord d'abord."""
    papier = "Le papier sert encore à côté, par habitude."
    return Fil(
        finess=IME,
        direction="direction-ime",
        depart=PointDepart.PAPIER,
        vague=1,
        pilote=True,
        unites=(
            Lieu("Internat", 54, nuit=True),
            Lieu("Accueil de jour", 20),
            Lieu("Section IMPRO et ateliers"),
            Lieu("Unités d'enseignement"),
            Lieu("Pôle paramédical et infirmerie"),
        ),
        glissement=14,
        prevu={"routine": date(2023, 12, 12)},
        gain="Lire en arrivant ce qui s'est passé la nuit, sans chercher le cahier de l'unité",
        passages=(
            Pas("engager", date(2021, 10, 12)),
            Pas("preparer", date(2022, 2, 8)),
            Pas("piloter", date(2022, 5, 10)),
            Pas("ouvrir", date(2022, 9, 6)),
            Pas(
                "verifier_service",
                VSR,
                "Journal de bord et agenda ouverts partout ; le projet individuel attend un vocabulaire plus simple.",
            ),
            Pas(
                "passer_en_routine",
                ROUTINE,
                "Les services socles ne sont pas enseignés aux arrivants, du papier circule encore et le projet "
                "individuel n'est employé qu'à moitié. Le journal de bord tient sans appui : nous l'assumons.",
            ),
        ),
        sans=frozenset({NatureFait.MATERIEL, NatureFait.ECRITS, NatureFait.ARRIVANTS}),
        faits=(
            (NatureFait.BILAN, date(2025, 7, 1)),
            (NatureFait.ECRITS, date(2025, 3, 18)),
        ),
        fiche=((date(2023, 1, 10), {"referent_maintenu": True}),),
        ouvertures=(
            Ouvrir(
                "journal-de-bord",
                date(2022, 5, 17),
                14,
                (),
                180,
                "Cahier de transmission de l'unité",
                60,
                "Il manque des postes, et le temps de lecture à la prise de poste n'est pas décidé.",
            ),
            Ouvrir(
                "agenda",
                date(2022, 9, 13),
                14,
                (),
                240,
                "Planning mural",
                90,
                "Le temps d'écriture et de lecture n'est toujours pas décidé.",
            ),
            Ouvrir(
                "dossier-administratif",
                date(2022, 10, 4),
                7,
                ("Internat", "Accueil de jour"),
                365,
                "Dossier papier et répertoire partagé",
                0,
                papier,
            ),
            Ouvrir(
                "soins",
                date(2022, 11, 8),
                14,
                ("Internat", "Pôle paramédical et infirmerie"),
                300,
                "Relevés bureautiques des crises",
                120,
                "Les tablettes de l'infirmerie ne sont pas livrées.",
            ),
            Ouvrir(
                "projet-personnalise",
                date(2023, 3, 14),
                21,
                ("Internat", "Accueil de jour", "Section IMPRO et ateliers"),
                0,
                "Projet individuel sur papier",
                0,
                "L'arborescence est jugée trop complexe : on ouvre, l'équipe dira ce qu'il faut changer.",
            ),
        ),
        exclus=(
            Exclure(
                "messagerie-securisee",
                date(2022, 9, 8),
                "Personne n'est formé à la messagerie sécurisée : on y reviendra.",
            ),
        ),
    )


def creer(comptes: Mapping[str, Utilisateur], solutions: Mapping[str, Solution], aujourdhui: date) -> Grappe:
    """Bâtit la grappe, rejoue l'histoire de l'IME, constate celle de ses sœurs."""
    og = OrganismeGestionnaire.objects.create(nom="Fondation Léopold Bellan", nom_long="Fondation (démonstration)")
    ime = Invente(IME, "IME Léopold Bellan", "183", "Bry-sur-Marne", "94", "94360")
    esms = creer_les_esms(og, [ime, *_soeurs()])
    grappe = creer_grappe(
        nom=NOM,
        par=comptes["admin"],
        chef=comptes["cheffe"],
        porteur=og,
        region=Region.objects.get(nom="Île-de-France"),
        solution=solutions["Margelle"],
        modules=Module.objects.filter(code__in=MODULES),
        annee_financement=2021,
        presentation=PRESENTATION,
    )
    grappe.affectations.update(du=DU)
    nommer(comptes, "direction-ime", Role.DIRECTEUR, esms[0], du=date(2021, 8, 30))
    poles = {"direction-enfants": ("Enfance et autonomie", esms[1:8]), "direction-hebergement": ("Adultes", esms[8:])}
    for identifiant, (nom, membres) in poles.items():
        nommer(comptes, identifiant, Role.DIRECTEUR, creer_un_groupe(nom, og, *(e.finess for e in membres)), du=DU)
    recit = Recit(grappe, comptes, "cheffe", aujourdhui)
    chef = comptes["cheffe"]
    recit.vagues[1] = enregistrer_vague(
        grappe=grappe, par=chef, numero=1, nom="Pilote", debut=date(2022, 5, 2), fin=date(2022, 8, 31), capacite=1
    )
    recit.vagues[2] = enregistrer_vague(
        grappe=grappe, par=chef, numero=2, nom="Tous les autres", debut=date(2022, 9, 1), fin=VSR, capacite=14
    )
    recit.avancer_grappe(
        ("deposer", date(2021, 4, 13), ""),
        ("conventionner", date(2021, 9, 7), ""),
        ("consulter", date(2021, 9, 21), ""),
        ("modeliser", date(2022, 1, 11), ""),
        ("piloter", date(2022, 5, 3), ""),
        ("deployer", date(2022, 9, 5), ""),
        ("mesurer", date(2023, 1, 9), ""),
    )
    _verifier(recit)
    ime_seul = fil_de_l_ime()
    soeurs = [_fil_de_soeur(rang, e.finess) for rang, e in enumerate(esms[1:])]
    recit.accueillir([ime_seul, *soeurs], date(2021, 2, 9))
    recit.figer_le_calendrier([ime_seul], date(2022, 1, 25))
    recit.noter(
        date(2022, 9, 1),
        mettre_en_vague,
        parcours=[recit.parcours[e.finess] for e in esms[1:]],
        vague=recit.vagues[2],
        par=chef,
    )
    recit.rejouer()
    _constater_les_ouvertures(recit, esms[1:])
    return grappe


def _verifier(recit: Recit) -> None:
    grappe, chef = recit.grappe, recit.chef
    recit.noter(
        date(2022, 8, 30),
        consigner_verification,
        grappe=grappe,
        par=chef,
        type=TypeVerification.VA,
        issue=IssueVerification.PRONONCEE,
        debut=date(2022, 5, 3),
        prononcee_le=date(2022, 8, 30),
        reference="PV de VA, août 2022",
    )
    recit.noter(
        VSR,
        consigner_verification,
        grappe=grappe,
        par=chef,
        type=TypeVerification.VSR,
        issue=IssueVerification.AVEC_RESERVES,
        debut=date(2022, 10, 17),
        prononcee_le=VSR,
        reference="PV de VSR, décembre 2022",
        reserves="Interopérabilité à compléter ; arborescence du projet individuel à simplifier.",
    )


def _fil_de_soeur(rang: int, finess: str) -> Fil:
    """Une sœur : situation constatée à l'arrivée dans Treille, avec ses dates d'entrée."""
    etapes = {
        EtatParcours.CADRAGE: date(2021, 11, 9),
        EtatParcours.PREPARATION: date(2022, 3, 1),
        EtatParcours.OUVERTURE: date(2022, 10, 4),
        EtatParcours.SERVICE_REGULIER: VSR,
    }
    vers = EtatParcours.SERVICE_REGULIER
    if rang in _EN_ROUTINE:
        vers = EtatParcours.ROUTINE
        etapes[vers] = _EN_ROUTINE[rang]
    details = {"vers": vers, "etapes": {e.value: jour for e, jour in etapes.items()}}
    motif = "Reprise de l'existant à l'arrivée dans Treille, d'après le tableau de suivi de la fondation."
    return Fil(
        finess=finess,
        passages=(Pas("constater", max(etapes.values()), motif, "cheffe", details),),
        fiche=(
            (date(2021, 11, 9), {"point_depart": PointDepart.BUREAUTIQUE if rang % 2 else PointDepart.PAPIER}),
            (VSR, _apres_la_vsr(rang)),
        ),
        faits=tuple((nature, jour) for nature, jour, rangs in _TENU if rang in rangs),
    )


def _apres_la_vsr(rang: int) -> dict[str, Any]:
    """Ce que chacune a gardé : un référent, un temps pour écrire."""
    decide = rang in (0, 2, 4, 6, 9, 11)
    return {
        "referent_maintenu": rang not in (3, 7, 12),
        "temps_ecriture": TempsEcriture.DECIDE if decide else TempsEcriture.NON_DECIDE,
        "temps_ecriture_note": "Un quart d'heure à la prise de poste, accord d'établissement" if decide else "",
    }


def _constater_les_ouvertures(recit: Recit, esms: list[Esms]) -> None:
    """Ce qui est ouvert chez les sœurs ; les anciens supports n'ont pas tous disparu."""
    motif = "Reprise de l'existant."
    for rang, soeur in enumerate(esms):
        parcours = recit.parcours[soeur.finess]
        for ouverture in parcours.unites.get().ouvertures.select_related("module").order_by("module__ordre"):
            code = ouverture.module.code
            if code == "messagerie-securisee" or _JAMAIS_OUVERTS.get(rang) == code:
                continue
            tient = code in ("journal-de-bord", "agenda") or (rang in _EN_ROUTINE and code != "projet-personnalise")
            changer_etat(
                ouverture,
                "constater",
                par=recit.chef,
                motif=motif,
                date_effet=date(2022, 10, 18),
                vers=EtatOuverture.STABILISEE if tient else EtatOuverture.OUVERTE,
            )
            if code == "journal-de-bord" or (code == "projet-personnalise" and rang % 3):
                modifier_ouverture(
                    ouverture=ouverture,
                    par=recit.chef,
                    ancien_support="Cahier de transmission" if code == "journal-de-bord" else "Projet sur papier",
                    retire_le=date(2022, 11, 29) if code == "journal-de-bord" else None,
                )
