"""La table d'accès des connexions : qui suit l'ESMS ou la grappe ; jamais le financeur. Importer : qui gère l'ESMS."""

from typing import Any

from tests.acces.lignes import LIT_GRILLE, LIT_PREPARATION, VOIT_GRAPPE, VOIT_PARCOURS, Ligne, _grappe, _parcours, qui
from tests.acces.monde import Cote

GERE = qui("directeur referent siege")
REGLE = qui("directeur siege")


def _correspondance(cote: Cote) -> dict[str, Any]:
    return {"correspondance": cote.correspondance_connexions.pk}


LIGNES: dict[str, Ligne] = {
    "usages:parcours-connexions": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, naturel="directeur"),
    "usages:grappe-connexions": Ligne(_grappe, VOIT_GRAPPE, LIT_GRILLE),
    "usages:connexions-import": Ligne(_parcours, VOIT_PARCOURS, GERE, ecrit=True, naturel="siege"),
    "usages:connexions-relier": Ligne(_correspondance, GERE, GERE, ecrit=True, naturel="siege"),
    "usages:connexions-horaires": Ligne(_parcours, VOIT_PARCOURS, REGLE, ecrit=True, naturel="directeur"),
}
