"""La table d'accès des tickets, des irritants et du tableau de bord ESMS ; rien de tout cela au financeur."""

from typing import Any

from tests.acces.lignes import LIT_PREPARATION, ROLES, VOIT_GRAPPE, VOIT_PARCOURS, Ligne, _grappe, _parcours, qui
from tests.acces.monde import Cote
from tests.acces.usages.demandes_editeurs import EST_D_UNE_GRAPPE, SUIT_LES_EDITEURS
from tests.acces.usages.releves import SAISIT_LES_CHIFFRES


def _ticket(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.ticket.pk}


def _irritant(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.irritant.pk}


def _relier(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.grappe.pk, "correspondance": cote.correspondance_tickets.pk}


def _tdb(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.parcours.pk, "travail": cote.depot_tdb.pk}


# L'export déposé par la direction : ni le référent, ni le siège, qui saisissent aussi, ne le relient à sa place.
VOIT_LE_DEPOT = qui(ROLES - {"etranger", "voisin", "referent", "siege"}, "admin etranger")

LIGNES: dict[str, Ligne] = {
    "usages:parcours-tdb": Ligne(_parcours, VOIT_PARCOURS, SAISIT_LES_CHIFFRES, ecrit=True, naturel="directeur"),
    "usages:tdb-relier": Ligne(_tdb, VOIT_LE_DEPOT, qui("directeur"), ecrit=True, naturel="directeur"),
    "usages:ticket-liste": Ligne(),
    "usages:ticket-lot": Ligne(code=302, ecrit=True),
    "usages:ticket-detail": Ligne(_ticket, LIT_PREPARATION, LIT_PREPARATION),
    "usages:parcours-tickets": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION),
    "usages:grappe-tickets": Ligne(_grappe, VOIT_GRAPPE, EST_D_UNE_GRAPPE),
    "usages:ticket-import": Ligne(_grappe, VOIT_GRAPPE, SUIT_LES_EDITEURS, ecrit=True),
    "usages:tickets-relier": Ligne(_relier, VOIT_GRAPPE, SUIT_LES_EDITEURS, ecrit=True),
    "usages:irritant-liste": Ligne(),
    "usages:irritant-detail": Ligne(_irritant, EST_D_UNE_GRAPPE, EST_D_UNE_GRAPPE),
    "usages:irritant-creer": Ligne(_grappe, VOIT_GRAPPE, SUIT_LES_EDITEURS, ecrit=True),
    "usages:irritant-modifier": Ligne(_irritant, EST_D_UNE_GRAPPE, SUIT_LES_EDITEURS, ecrit=True),
    "usages:irritant-supprimer": Ligne(_irritant, EST_D_UNE_GRAPPE, SUIT_LES_EDITEURS, ecrit=True),
}
