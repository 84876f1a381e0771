"""L'entonnoir d'une étude : un étage par étape, aussi large que ce qui y entre, puis que ce qui en sort. Module pur."""

from collections.abc import Iterable
from dataclasses import dataclass

LARGEUR, HAUTEUR = 400, 40
MINIMUM = 6
"""La largeur d'un étage où il ne reste presque rien : on doit encore le voir."""


@dataclass(frozen=True, slots=True)
class Etage:
    """Un étage : son titre, ce qu'il fait (« 111 grappes → 39 grappes »), et son trapèze."""

    code: str
    titre: str
    phrase: str
    points: str
    est_fige: bool


def etages(lignes: Iterable[tuple[str, str, str, int, int, bool]]) -> list[Etage]:
    """Un étage par étape (code, titre, phrase, entrées, sorties, figée), tous à la même échelle."""
    toutes = list(lignes)
    echelle = max((max(entrees, sorties) for _, _, _, entrees, sorties, _ in toutes), default=0) or 1

    def bords(nombre: int) -> tuple[float, float]:
        demi = max(MINIMUM, LARGEUR * nombre / echelle) / 2
        return LARGEUR / 2 - demi, LARGEUR / 2 + demi

    rendu = []
    for code, titre, phrase, entrees, sorties, est_fige in toutes:
        (g1, d1), (g2, d2) = bords(entrees), bords(sorties)
        points = f"{g1:.1f},0 {d1:.1f},0 {d2:.1f},{HAUTEUR} {g2:.1f},{HAUTEUR}"
        rendu.append(Etage(code, titre, phrase, points, est_fige))
    return rendu
