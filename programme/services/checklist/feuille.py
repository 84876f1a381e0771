"""La feuille de la checklist d'une grappe : emportée, corrigée dans un tableur, rapportée par les mêmes services."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from programme.enums import Niveau, StatutAction
from programme.models import Grappe, LigneChecklist, Parcours, ReponseChecklist, Utilisateur
from programme.services.checklist.lecture import lignes_en_vigueur, lire_checklists
from programme.services.checklist.niveaux import cibles_de, parcours_de
from programme.services.checklist.reponses import repondre
from programme.socle.erreurs import Refus
from programme.socle.exports import MiseEnForme

FEUILLE = "Checklist"
COLONNES = {
    "niveau": "Niveau",
    "cle": "Numéro",
    "nom": "Répond pour",
    "code": "Code",
    "libelle": "Action",
    "etape": "Étape",
    "constat": "D'où vient le statut",
    "statut": "Statut",
    "motif": "Motif",
    "commentaire": "Commentaire",
    "echeance": "Pour le",
}
INDISPENSABLES = ["niveau", "cle", "code", "statut"]
CORRIGEES = ("statut", "motif", "commentaire", "echeance")
LARGEURS = {"nom": 36, "libelle": 60, "motif": 36, "commentaire": 44, "constat": 26}
TOUTE_LA_GRAPPE = "grappe"
Cle = tuple[str, str, str]
"""Niveau, numéro (FINESS de l'ESMS ou de l'OG, clé du groupe, « grappe »), code de l'action."""


@dataclass(frozen=True)
class Situation:
    """Une ligne de la feuille : à qui elle s'adresse, et ce qu'elle dit aujourd'hui."""

    niveau: str
    cible: Any
    ligne: LigneChecklist
    valeurs: dict[str, Any]


@dataclass(frozen=True)
class Changement:
    """Ce qu'une ligne change : colonne → (avant, après)."""

    cle: Cle
    ecarts: dict[str, tuple[Any, Any]]


def situations(grappe: Grappe, *, par: Utilisateur) -> dict[Cle, Situation]:
    """Toutes les lignes de la feuille ; un nombre constant de requêtes."""
    parcours = parcours_de(grappe, Niveau.GRAPPE, grappe, par)
    _, lignes = lignes_en_vigueur(grappe.pk)
    reponses = {_cle_de(r): r for r in _reponses(grappe)}
    ogs, groupes = cibles_de(parcours)
    rendu: dict[Cle, Situation] = {}
    for niveau, cibles in ((Niveau.GRAPPE, [grappe]), (Niveau.OG, ogs), (Niveau.GROUPE, groupes)):
        for cible in cibles:
            for ligne in lignes:
                if ligne.niveau == niveau:
                    _ajouter(rendu, str(niveau), cible, ligne, reponses, "")
    for checklist in lire_checklists(parcours).values():
        p = checklist.parcours
        for lue in checklist.lignes:
            sienne = lue.reponse is not None and lue.reponse.parcours_id == p.pk
            if lue.niveau_utile == Niveau.ESMS or sienne:
                _ajouter(rendu, str(Niveau.ESMS), p, lue.ligne, reponses, lue.resolue.herite_de)
    return rendu


def _reponses(grappe: Grappe) -> Iterable[ReponseChecklist]:
    return ReponseChecklist.objects.filter(grappe=grappe).select_related("og", "groupe", "parcours__esms")


def numero_de(niveau: str, cible: Any) -> str:
    """Ce qui désigne une cible dans la feuille."""
    if niveau == Niveau.GRAPPE:
        return TOUTE_LA_GRAPPE
    if isinstance(cible, Parcours):
        return str(cible.esms.finess)
    return str(getattr(cible, "finess", "") or cible.pk)


def _cle_de(reponse: ReponseChecklist) -> Cle:
    return (reponse.niveau, numero_de(reponse.niveau, reponse.cible), reponse.code)


def _ajouter(
    rendu: dict[Cle, Situation], niveau: str, cible: Any, ligne: LigneChecklist, reponses: Any, origine: str
) -> None:
    cle = (niveau, numero_de(niveau, cible), ligne.code)
    reponse = reponses.get(cle)
    statut = reponse.statut if reponse else "" if origine else StatutAction.A_FAIRE.value
    rendu[cle] = Situation(
        niveau,
        cible,
        ligne,
        {
            "niveau": niveau,
            "cle": cle[1],
            "nom": str(cible),
            "code": ligne.code,
            "libelle": ligne.libelle,
            "etape": str(ligne.get_phase_display()),
            "constat": {"mesure": "constaté", "d_office": "d'office"}.get(origine, "plus haut" if origine else ""),
            "statut": statut,
            "motif": reponse.motif if reponse else "",
            "commentaire": reponse.commentaire if reponse else "",
            "echeance": reponse.echeance if reponse else None,
        },
    )


def en_clair(colonne: str, valeur: Any) -> Any:
    """Une valeur telle qu'on la lit dans la feuille."""
    if colonne == "statut":
        return str(StatutAction(valeur).label) if valeur else ""
    return str(Niveau(valeur).label) if colonne == "niveau" else valeur


def exporter(grappe: Grappe, *, par: Utilisateur) -> tuple[list[str], list[list[Any]]]:
    """Intitulés et lignes de la feuille."""
    lues = situations(grappe, par=par).values()
    return list(COLONNES.values()), [[en_clair(c, s.valeurs[c]) for c in COLONNES] for s in lues]


def mise_en_forme() -> MiseEnForme:
    """Largeurs, et la liste des statuts : la feuille refuse ce que la reprise refuserait."""
    rangs = {colonne: rang for rang, colonne in enumerate(COLONNES)}
    return MiseEnForme([LARGEURS.get(c, 16) for c in COLONNES], {rangs["statut"]: [str(s.label) for s in StatutAction]})


def comparer(cle: Cle, situation: Situation, lues: dict[str, Any]) -> Changement:
    """Ce que la ligne change, parmi ce qui se corrige."""
    ecarts = {
        c: (situation.valeurs[c], valeur)
        for c, valeur in lues.items()
        if c in CORRIGEES and valeur != situation.valeurs[c]
    }
    return Changement(cle, ecarts)


def appliquer(grappe: Grappe, situation: Situation, changement: Changement, *, par: Utilisateur) -> None:
    """Écrit ce qu'une ligne change, comme le ferait la page. Lève `Refus`."""
    valeurs = {c: apres for c, (_, apres) in changement.ecarts.items()}
    repondre(
        grappe=grappe,
        code=situation.ligne.code,
        niveau=situation.niveau,
        cible=situation.cible,
        par=par,
        **valeurs,
    )


def essayer(grappe: Grappe, essais: Iterable[tuple[Situation, Changement]], *, par: Utilisateur) -> dict[Cle, Refus]:
    """Applique pour de faux, puis défait tout ; rend les refus : l'aperçu dit ce que dira l'écriture."""
    refus: dict[Cle, Refus] = {}
    with transaction.atomic():
        for situation, changement in essais:
            try:
                appliquer(grappe, situation, changement, par=par)
            except Refus as refuse:
                refus[changement.cle] = refuse
        transaction.set_rollback(True)
    return refus
