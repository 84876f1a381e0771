"""La table d'accès des enseignements du pilote et des pratiques : les premiers jamais au financeur, les secondes si."""

from typing import Any

from tests.acces.lignes import (
    CONDUIT,
    LIT_PREPARATION,
    VOIT_GRAPPE,
    VOIT_PARCOURS,
    Ligne,
    _grappe,
    _parcours,
    _passage,
    qui,
)
from tests.acces.monde import Cote
from tests.acces.usages.demandes_editeurs import EST_D_UNE_GRAPPE

DIT_LU = qui("directeur referent siege")
ECRIT_QUELQUE_PART = qui("chef_projet etranger")


def _enseignement(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.enseignement.pk}


def _pratique(cote: Cote) -> dict[str, Any]:
    """Partagée : toute la région la lit, le financeur aussi."""
    return {"pk": cote.pratique.pk}


LIGNES: dict[str, Ligne] = {
    "usages:grappe-enseignements": Ligne(_grappe, VOIT_GRAPPE, EST_D_UNE_GRAPPE),
    "usages:enseignement-creer": Ligne(_grappe, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "usages:enseignement-detail": Ligne(_enseignement, EST_D_UNE_GRAPPE, EST_D_UNE_GRAPPE),
    "usages:enseignement-modifier": Ligne(_enseignement, EST_D_UNE_GRAPPE, CONDUIT, ecrit=True),
    "usages:parcours-enseignements": Ligne(
        _parcours, VOIT_PARCOURS, LIT_PREPARATION, peut_ecrire=DIT_LU, ecrit=True, naturel="directeur"
    ),
    "usages:pratique-liste": Ligne(),
    "usages:pratique-creer": Ligne(peut=ECRIT_QUELQUE_PART, ecrit=True),
    "usages:pratique-detail": Ligne(_pratique, VOIT_GRAPPE, VOIT_GRAPPE, naturel="ars"),
    "usages:pratique-modifier": Ligne(_pratique, VOIT_GRAPPE, CONDUIT, ecrit=True),
    # Chacun est ici dans sa grappe : il ne la reprend pas, et la page le renvoie à la fiche.
    "usages:pratique-reprendre": Ligne(_pratique, VOIT_GRAPPE, CONDUIT, ecrit=True, code=302),
    "programme:passage clore enseignement": Ligne(
        _passage("enseignement", "clore"), EST_D_UNE_GRAPPE, CONDUIT, ecrit=True
    ),
    "programme:passage retirer pratique": Ligne(_passage("pratique", "retirer"), VOIT_GRAPPE, CONDUIT, ecrit=True),
}
