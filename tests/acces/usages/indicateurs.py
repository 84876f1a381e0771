"""La table d'accès du catalogue (ouvert à tous) et des indicateurs suivis d'une grappe (jamais au seul financeur)."""

from typing import Any

from tests.acces.lignes import ADMINISTRE, API, CONDUIT, LIT_GRILLE, TOUS, VOIT_GRAPPE, Ligne, _grappe
from tests.acces.monde import Cote


def _code(cote: Cote) -> dict[str, Any]:
    return {"code": cote.indicateur.code}


def _suivi(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.grappe.pk, "code": cote.indicateur.code}


def _cible(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.cible.pk}


LIGNES: dict[str, Ligne] = {
    "usages:indicateur-liste": Ligne(),
    "usages:indicateur-detail": Ligne(_code),
    "usages:indicateur-classeur": Ligne(peut=ADMINISTRE, genre="fichier", naturel="admin"),
    "usages:indicateur-rapporter": Ligne(peut=ADMINISTRE, ecrit=True, naturel="admin"),
    "usages:indicateur-cible": Ligne(_code, TOUS, ADMINISTRE, ecrit=True, naturel="admin"),
    "usages:grappe-indicateurs": Ligne(_grappe, VOIT_GRAPPE, LIT_GRILLE),
    "usages:grappe-indicateurs-choisir": Ligne(_grappe, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "usages:grappe-indicateur": Ligne(_suivi, VOIT_GRAPPE, LIT_GRILLE),
    "usages:suivi-arreter": Ligne(_suivi, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "usages:suivi-alertes": Ligne(_suivi, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "usages:cible-creer": Ligne(_suivi, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "usages:cible-modifier": Ligne(_cible, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "api:indicateur-liste": Ligne(**API),
    "usages:cible-retirer": Ligne(_cible, VOIT_GRAPPE, CONDUIT, ecrit=True),
}
