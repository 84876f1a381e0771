"""La table d'accès des éditeurs d'une grappe, des versions, des montées de version."""

from typing import Any

from tests.acces.lignes import (
    AJOUTE_SOLUTION,
    LIT_PREPARATION,
    TOUS,
    VOIT_GRAPPE,
    VOIT_PARCOURS,
    Ligne,
    _grappe,
    _parcours,
    qui,
)
from tests.acces.monde import Cote
from tests.acces.usages.demandes_editeurs import EST_D_UNE_GRAPPE

NOTE_UNE_MONTEE = qui("chef_projet directeur referent siege appui", "etranger")


def _editeur(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.grappe.pk, "editeur": cote.demandeediteur.editeur_id}


def _version(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.montee.version_id}


def _solution(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.montee.version.solution_id}


def _montee(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.montee.pk}


def _montees(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.grappe.pk, "version": cote.montee.version_id}


LIGNES: dict[str, Ligne] = {
    "usages:grappe-editeurs": Ligne(_grappe, VOIT_GRAPPE, EST_D_UNE_GRAPPE),
    "usages:grappe-editeur": Ligne(_editeur, VOIT_GRAPPE, EST_D_UNE_GRAPPE),
    "usages:grappe-editeur-pdf": Ligne(_editeur, VOIT_GRAPPE, EST_D_UNE_GRAPPE, genre="fichier"),
    "usages:grappe-montees": Ligne(_montees, VOIT_GRAPPE, EST_D_UNE_GRAPPE, ecrit=True),
    "usages:solution-versions": Ligne(_solution, TOUS),
    "usages:version-creer": Ligne(
        _solution, TOUS, qui(AJOUTE_SOLUTION["dedans"], AJOUTE_SOLUTION["dedans"]), ecrit=True
    ),
    "usages:version-modifier": Ligne(
        _version, TOUS, qui(AJOUTE_SOLUTION["dedans"], AJOUTE_SOLUTION["dedans"]), ecrit=True
    ),
    "usages:parcours-versions": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, naturel="directeur"),
    "usages:montee-modifier": Ligne(_montee, LIT_PREPARATION, NOTE_UNE_MONTEE, ecrit=True, naturel="directeur"),
    "usages:montee-retirer": Ligne(_montee, LIT_PREPARATION, NOTE_UNE_MONTEE, lit=False, ecrit=True),
}
