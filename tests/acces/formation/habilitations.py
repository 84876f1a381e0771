"""La table d'accès de la formation : profils, matrices, raisons, fichier de l'éditeur."""

from typing import Any

from tests.acces.lignes import DECIDE, LIT_PREPARATION, SAISIT, Ligne, _passage
from tests.acces.monde import Cote


def _matrice(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.matrice.pk}


LIGNES: dict[str, Ligne] = {
    "formation:matrice-detail": Ligne(_matrice, LIT_PREPARATION, naturel="directeur"),
    "programme:passage soumettre matrice": Ligne(_passage("matrice", "soumettre"), LIT_PREPARATION, SAISIT, ecrit=True),
    "programme:passage valider matrice": Ligne(
        _passage("matrice", "valider"), LIT_PREPARATION, DECIDE, ecrit=True, naturel="directeur"
    ),
}
