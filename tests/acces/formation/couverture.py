"""La table d'accès de la formation : couverture et arrivants : des nombres ; le constat, à qui gère."""

from typing import Any

from tests.acces.lignes import (
    API,
    LIT_GRILLE,
    LIT_PREPARATION,
    VOIT_GRAPPE,
    VOIT_PARCOURS,
    Ligne,
    _grappe,
    _parcours,
    qui,
)
from tests.acces.monde import Cote

# Les noms : sa direction, son référent, son siège ; ni le chef de projet, ni l'administrateur.
GERE = qui("directeur referent siege")


def _og(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.og.pk}


def _region(cote: Cote) -> dict[str, Any]:
    return {"code": cote.region.pk}


def _acquis(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.acquis.pk}


LIGNES: dict[str, Ligne] = {
    "formation:grappe-formation": Ligne(_grappe, VOIT_GRAPPE, LIT_GRILLE),
    "formation:parcours-formation": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, naturel="directeur"),
    "formation:parcours-arrivants": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, naturel="directeur"),
    "formation:og-formation": Ligne(_og, peut=qui("siege appui admin", "admin"), naturel="siege"),
    "formation:region-formation": Ligne(_region, VOIT_GRAPPE, qui("ars grades admin", "admin"), naturel="grades"),
    "formation:acquis-constater": Ligne(_parcours, VOIT_PARCOURS, GERE, ecrit=True, naturel="directeur"),
    "formation:acquis-retirer": Ligne(_acquis, GERE, GERE, lit=False, ecrit=True, naturel="directeur"),
    "api:parcours-couverture": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, **API),
}
