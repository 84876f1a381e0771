"""La table d'accès de la formation : import du fichier des ressources humaines."""

from typing import Any

from tests.acces.lignes import VOIT_PARCOURS, Ligne, qui
from tests.acces.monde import Cote

GERE = qui("directeur referent siege")


def _og(cote: Cote) -> dict[str, Any]:
    return {"finess": cote.og.finess}


def _parcours(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.parcours.pk}


def _correspondance(cote: Cote) -> dict[str, Any]:
    return {"correspondance": cote.correspondance_rh.pk}


LIGNES: dict[str, Ligne] = {
    "formation:professionnels-import": Ligne(_og, peut=GERE, ecrit=True, naturel="siege"),
    "formation:professionnels-import depuis un ESMS": Ligne(
        _parcours, VOIT_PARCOURS, GERE, ecrit=True, naturel="directeur"
    ),
    "formation:professionnels-relier": Ligne(_correspondance, GERE, GERE, ecrit=True, naturel="siege"),
    "formation:professionnels-feuille": Ligne(_og, peut=GERE, genre="fichier", naturel="siege"),
}
