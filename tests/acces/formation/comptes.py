"""La table d'accès de la formation : fichier de l'éditeur, « qui voit quoi », placements, comptes du DUI.

Un identifiant de compte est presque un nom : il ne se lit que par qui gère l'ESMS.
"""

from typing import Any

from tests.acces.lignes import API, LIT_PREPARATION, SAISIT, VOIT_PARCOURS, Ligne, _parcours, qui
from tests.acces.monde import Cote

GERE = qui("directeur referent siege")


def _matrice(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.matrice.pk}


def _compte_dui(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.comptedui.pk}


def _unite(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.ouverture.unite_id}


LIGNES: dict[str, Ligne] = {
    "formation:matrice-xlsx": Ligne(_matrice, LIT_PREPARATION, genre="fichier"),
    "formation:matrice-csv": Ligne(_matrice, LIT_PREPARATION, genre="fichier"),
    "formation:matrice-import": Ligne(_matrice, LIT_PREPARATION, SAISIT, ecrit=True, naturel="directeur"),
    "formation:parcours-qui-voit-quoi": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, naturel="referent"),
    "formation:parcours-qui-voit-quoi-pdf": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, genre="fichier"),
    "formation:parcours-placements": Ligne(
        _parcours, VOIT_PARCOURS, LIT_PREPARATION, peut_ecrire=GERE, ecrit=True, naturel="directeur"
    ),
    "formation:parcours-placements-xlsx": Ligne(_parcours, VOIT_PARCOURS, GERE, genre="fichier", naturel="siege"),
    "formation:parcours-placements-csv": Ligne(_parcours, VOIT_PARCOURS, GERE, genre="fichier", naturel="siege"),
    "formation:parcours-comptes": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, naturel="directeur"),
    "formation:comptes-import": Ligne(_parcours, VOIT_PARCOURS, GERE, ecrit=True, naturel="siege"),
    "formation:compte-dui-rapprocher": Ligne(_compte_dui, GERE, ecrit=True, naturel="referent"),
    "formation:unite-connexion": Ligne(
        _unite, VOIT_PARCOURS, LIT_PREPARATION, peut_ecrire=SAISIT, ecrit=True, naturel="directeur"
    ),
    "api:parcours-habilitations": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, **API),
    # La matrice du monde est en brouillon : rien à remettre à l'éditeur.
    "api:parcours-habilitations-xlsx": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, code=404, **API),
}
