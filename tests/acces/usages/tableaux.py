"""La table d'accès des tableaux de bord : un ESMS, une grappe, un organisme ; une région et le pays, en totaux."""

from typing import Any

from tests.acces.lignes import LIT_GRILLE, LIT_PREPARATION, VOIT_GRAPPE, VOIT_PARCOURS, Ligne, _grappe, _parcours, qui
from tests.acces.monde import Cote


def _og(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.og.pk}


def _region(cote: Cote) -> dict[str, Any]:
    return {"code": cote.region.pk}


LIGNES: dict[str, Ligne] = {
    "usages:parcours-tableau-de-bord": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, naturel="directeur"),
    "usages:grappe-tableau-de-bord": Ligne(_grappe, VOIT_GRAPPE, LIT_GRILLE),
    "usages:og-tableau-de-bord": Ligne(_og, peut=qui("siege appui admin", "admin"), naturel="siege"),
    "usages:region-tableau-de-bord": Ligne(_region, VOIT_GRAPPE, qui("ars grades admin", "admin"), naturel="ars"),
    "usages:pays-tableau-de-bord": Ligne(peut=qui("admin"), naturel="admin"),
}
