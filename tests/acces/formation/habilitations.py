"""La table d'accès de la formation : profils, matrices, raisons, fichier de l'éditeur."""

from typing import Any

from tests.acces.lignes import (
    CONDUIT,
    DECIDE,
    LIT_GRILLE,
    LIT_PREPARATION,
    SAISIT,
    VOIT_GRAPPE,
    VOIT_PARCOURS,
    Ligne,
    _grappe,
    _parcours,
    _passage,
)
from tests.acces.monde import Cote


def _matrice(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.matrice.pk}


def _modele(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.modele.pk}


def _profil(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.profil.pk}


LIT_LE_MODELE = LIT_GRILLE

LIGNES: dict[str, Ligne] = {
    "formation:grappe-habilitations": Ligne(_grappe, VOIT_GRAPPE, LIT_GRILLE, CONDUIT, ecrit=True),
    "formation:matrice-creer": Ligne(_grappe, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "formation:profil-creer": Ligne(_grappe, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "formation:profil-modifier": Ligne(_profil, LIT_LE_MODELE, CONDUIT, ecrit=True),
    "formation:profil-retirer": Ligne(_profil, LIT_LE_MODELE, CONDUIT, ecrit=True),
    "formation:parcours-habilitations": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, naturel="directeur"),
    "formation:matrice-creer-variante": Ligne(_parcours, VOIT_PARCOURS, SAISIT, ecrit=True, naturel="directeur"),
    "formation:matrice-detail": Ligne(_matrice, LIT_PREPARATION, naturel="directeur"),
    "formation:matrice-detail modele": Ligne(_modele, LIT_LE_MODELE),
    "formation:matrice-saisir": Ligne(_matrice, LIT_PREPARATION, SAISIT, ecrit=True, naturel="directeur"),
    "formation:matrice-saisir modele": Ligne(_modele, LIT_LE_MODELE, CONDUIT, ecrit=True),
    "formation:matrice-raison": Ligne(_matrice, LIT_PREPARATION, SAISIT, ecrit=True, naturel="directeur"),
    "formation:matrice-differences": Ligne(_matrice, LIT_PREPARATION, naturel="directeur"),
    "formation:matrice-suivre": Ligne(_matrice, LIT_PREPARATION, SAISIT, lit=False, ecrit=True, naturel="directeur"),
    # Celles du monde ne sont pas validées : la revue renvoie à la grille, et le dit.
    "formation:matrice-revoir": Ligne(_matrice, LIT_PREPARATION, SAISIT, ecrit=True, code=302, naturel="directeur"),
    "programme:passage soumettre matrice": Ligne(_passage("matrice", "soumettre"), LIT_PREPARATION, SAISIT, ecrit=True),
    "programme:passage valider matrice": Ligne(
        _passage("matrice", "valider"), LIT_PREPARATION, DECIDE, ecrit=True, naturel="directeur"
    ),
}
