"""La table d'accès de ce qu'on tire d'un retour, et des verbatims ; rien de tout cela au financeur."""

from typing import Any

from tests.acces.lignes import LIT_PREPARATION, SAISIT, VOIT_PARCOURS, Ligne, _parcours, qui
from tests.acces.monde import Cote

TIENT_LES_VERBATIMS = qui("chef_projet directeur referent siege appui", "etranger")


def _suite(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.retour.pk, "nature": "action"}


def _verbatim(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.verbatim.pk}


LIGNES: dict[str, Ligne] = {
    "usages:retour-suite": Ligne(_suite, LIT_PREPARATION, SAISIT, ecrit=True),
    "usages:parcours-verbatims": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION),
    "usages:verbatim-modifier": Ligne(_verbatim, LIT_PREPARATION, TIENT_LES_VERBATIMS, ecrit=True),
}
