"""La table d'accès des tickets et des irritants : jamais au financeur ; importer, rapprocher, à qui suit l'éditeur."""

from typing import Any

from tests.acces.lignes import LIT_PREPARATION, VOIT_GRAPPE, VOIT_PARCOURS, Ligne, _grappe, _parcours
from tests.acces.monde import Cote
from tests.acces.usages.demandes_editeurs import EST_D_UNE_GRAPPE, SUIT_LES_EDITEURS


def _ticket(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.ticket.pk}


def _irritant(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.irritant.pk}


def _relier(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.grappe.pk, "correspondance": cote.correspondance_tickets.pk}


LIGNES: dict[str, Ligne] = {
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
