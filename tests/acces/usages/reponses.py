"""La table d'accès des réponses aux retours et de leurs liens : jamais le financeur ; par un lien, tout le monde."""

from typing import Any

from tests.acces.lignes import (
    LIT_GRILLE,
    LIT_PREPARATION,
    PUBLIQUE,
    VOIT_GRAPPE,
    VOIT_PARCOURS,
    Ligne,
    _grappe,
    _parcours,
    qui,
)
from tests.acces.monde import Cote
from tests.acces.usages.demandes_editeurs import EST_D_UNE_GRAPPE

TIENT_LES_LIENS = qui("chef_projet directeur referent siege appui", "etranger")


def _retour(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.retour.pk}


def _lien(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.lien.pk}


def _jeton(cote: Cote) -> dict[str, Any]:
    return {"jeton": cote.lien.jeton}


def _soutien(cote: Cote) -> dict[str, Any]:
    return {"jeton": cote.lien.jeton, "pk": cote.retour.pk}


LIGNES: dict[str, Ligne] = {
    "usages:parcours-reponses": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, naturel="directeur"),
    "usages:reponses-affiche": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, genre="fichier"),
    "usages:grappe-reponses": Ligne(_grappe, VOIT_GRAPPE, EST_D_UNE_GRAPPE),
    "usages:grappe-reponses-affiche": Ligne(_grappe, VOIT_GRAPPE, EST_D_UNE_GRAPPE, genre="fichier"),
    # Qualifié et d'avant cette semaine : toute la grappe peut s'y joindre.
    "usages:retour-soutenir": Ligne(_retour, LIT_GRILLE, LIT_GRILLE, lit=False, ecrit=True),
    # À son seul auteur ; celui du monde n'en a pas.
    "usages:retour-reponse": Ligne(_retour, qui(), qui(), ecrit=True),
    "usages:retour-lien-reponses": Ligne(_jeton, **PUBLIQUE),
    "usages:retour-lien-soutenir": Ligne(_soutien, lit=False, ecrit=True, **PUBLIQUE),
    "usages:parcours-liens": Ligne(_parcours, VOIT_PARCOURS, TIENT_LES_LIENS, naturel="directeur"),
    "usages:lien-creer": Ligne(_parcours, VOIT_PARCOURS, TIENT_LES_LIENS, ecrit=True, naturel="directeur"),
    "usages:lien-revoquer": Ligne(_lien, LIT_PREPARATION, TIENT_LES_LIENS, ecrit=True, naturel="directeur"),
    "usages:lien-affiche": Ligne(_lien, LIT_PREPARATION, TIENT_LES_LIENS, genre="fichier"),
}
