"""Les douze dernières valeurs d'un chiffre, en une petite courbe. Module pur.

Un rapport se lit sur l'échelle entière, de 0 à 100 % ; le reste, de zéro à son plus haut. Un relevé sans nombre fait un
trou : on ne relie pas ce qu'on ignore.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from programme.socle.nombres import accorde

LARGEUR, HAUTEUR, MARGE = 132, 36, 4


@dataclass(frozen=True, slots=True)
class Rang:
    """Une période : son nom, ce qui s'y lit, sa grandeur (None : aucune), son relevé s'il se consulte."""

    nom: str
    dit: str
    grandeur: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """Une valeur posée."""

    x: float
    y: float
    nom: str
    dit: str


@dataclass(frozen=True, slots=True)
class Serie:
    """Ce que le gabarit attend : des traits (suites de points reliés), les points, la table, la phrase."""

    traits: tuple[str, ...]
    points: tuple[Point, ...]
    rangs: tuple[Rang, ...]
    phrase: str
    largeur: int = LARGEUR
    hauteur: int = HAUTEUR


def _phrase(points: Sequence[Point], nombre_de_rangs: int) -> str:
    if not points:
        return "Aucune valeur connue encore."
    dernier = f"{points[-1].nom} : {points[-1].dit}"
    if len(points) == 1:
        return f"Une valeur connue, {dernier}."
    connues = accorde(len(points), "valeur connue,valeurs connues")
    return (
        f"{connues} sur {nombre_de_rangs} ; de {points[0].dit} ({points[0].nom}) à {points[-1].dit} ({points[-1].nom})."
    )


def dessiner(rangs: Sequence[Rang], *, plein: Decimal | None = None) -> Serie:
    """La courbe de ces périodes, dans l'ordre du temps ; `plein` : le haut de l'échelle, s'il est connu."""
    grandeurs = [r.grandeur for r in rangs if r.grandeur is not None]
    haut = max([plein or Decimal(0), *grandeurs]) or Decimal(1)
    pas = (LARGEUR - 2 * MARGE) / max(len(rangs) - 1, 1)
    points: list[Point] = []
    traits: list[list[Point]] = []
    suite: list[Point] = []
    for n, rang in enumerate(rangs):
        if rang.grandeur is None:
            traits.append(suite)
            suite = []
            continue
        y = HAUTEUR - MARGE - float(rang.grandeur / haut) * (HAUTEUR - 2 * MARGE)
        point = Point(round(MARGE + n * pas, 1), round(y, 1), rang.nom, rang.dit)
        points.append(point)
        suite.append(point)
    traits.append(suite)
    dits = tuple(" ".join(f"{p.x},{p.y}" for p in trait) for trait in traits if len(trait) > 1)
    return Serie(dits, tuple(points), tuple(rangs), _phrase(points, len(rangs)))
