"""La table d'accès des relevés."""

from typing import Any

from tests.acces.lignes import CONDUIT, LIT_PREPARATION, VOIT_PARCOURS, Ligne, _passage, qui
from tests.acces.monde import Cote

SAISIT_LES_CHIFFRES = qui("directeur referent siege")


def _releve(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.releve.pk}


def _transmis(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.transmis.pk}


LIGNES: dict[str, Ligne] = {
    "usages:releve-detail": Ligne(_releve, LIT_PREPARATION, naturel="directeur"),
    "usages:releve-detail transmis": Ligne(_transmis, VOIT_PARCOURS, naturel="ars"),
    "programme:passage transmettre releve": Ligne(
        _passage("releve", "transmettre"), LIT_PREPARATION, SAISIT_LES_CHIFFRES, ecrit=True, naturel="directeur"
    ),
    "programme:passage valider releve": Ligne(
        _passage("releve", "valider", "transmis"), VOIT_PARCOURS, CONDUIT, ecrit=True
    ),
}
