"""La table d'accès du traitement des retours : qui lit la préparation de l'ESMS les lit ; jamais le financeur.

Le retour du monde est qualifié, son relais est de tout l'ESMS.
"""

from typing import Any

from tests.acces.lignes import (
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
from tests.acces.usages.demandes_editeurs import EST_D_UNE_GRAPPE, SUIT_LES_EDITEURS

TRAITE = qui("chef_projet directeur referent siege appui", "etranger")


def _retour(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.retour.pk}


def _relais(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.relais.pk}


LIGNES: dict[str, Ligne] = {
    "usages:retour-liste": Ligne(),
    "usages:retour-lot": Ligne(code=302, ecrit=True),
    "usages:retour-detail": Ligne(_retour, LIT_PREPARATION, LIT_PREPARATION, naturel="directeur"),
    "usages:retour-proches": Ligne(_retour, LIT_PREPARATION, LIT_PREPARATION, genre="fragment"),
    "usages:retour-regrouper": Ligne(_retour, LIT_PREPARATION, TRAITE),
    "usages:retour-resume": Ligne(_retour, LIT_PREPARATION, TRAITE, ecrit=True),
    "usages:retour-confier": Ligne(_retour, LIT_PREPARATION, TRAITE, ecrit=True),
    "usages:parcours-retours": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, naturel="directeur"),
    "usages:grappe-retours": Ligne(_grappe, VOIT_GRAPPE, EST_D_UNE_GRAPPE),
    "usages:retours-reglage": Ligne(_grappe, VOIT_GRAPPE, SUIT_LES_EDITEURS, ecrit=True),
    "usages:parcours-relais": Ligne(
        _parcours, VOIT_PARCOURS, LIT_PREPARATION, peut_ecrire=TRAITE, ecrit=True, naturel="directeur"
    ),
    "usages:relais-retirer": Ligne(_relais, LIT_PREPARATION, TRAITE, ecrit=True, naturel="directeur"),
    "programme:passage prendre retour": Ligne(
        _passage("retour", "prendre_en_charge"), LIT_PREPARATION, TRAITE, ecrit=True
    ),
    "programme:passage publier retour": Ligne(_passage("retour", "publier"), LIT_PREPARATION, TRAITE, ecrit=True),
    "programme:passage regrouper retour": Ligne(_passage("retour", "regrouper"), LIT_PREPARATION, TRAITE, ecrit=True),
    "programme:passage refuser retour": Ligne(
        _passage("retour", "ne_pas_retenir"), LIT_PREPARATION, TRAITE, ecrit=True
    ),
}
