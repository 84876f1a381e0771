"""Ce que les dessins d'usage partagent : une échelle qui part de zéro, des noms courts, des traits coupés aux trous."""

from collections.abc import Iterable, Sequence
from math import floor, log10
from typing import TypeVar

from programme.socle.dates import MOIS_COURTS
from usages.calculs.periodes import Periode
from usages.enums import CadenceReleve, Forme

P = TypeVar("P")
_ROND = (1.0, 2.0, 2.5, 4.0, 5.0, 10.0)


def plafond_rond(plus_grand: float) -> float:
    """Le plus petit nombre rond qui contient `plus_grand` ; 1 pour moins d'un millionième."""
    if plus_grand < 1e-6:
        return 1.0
    unite = 10.0 ** floor(log10(plus_grand))
    return next(r * unite for r in _ROND if r * unite >= plus_grand * (1 - 1e-9))


def plafond(forme: str, valeurs: Iterable[float | None]) -> float:
    """Le haut de l'échelle, qui part toujours de zéro : 100 % pour un rapport, sauf s'il le dépasse."""
    plus_grand = max((v for v in valeurs if v is not None), default=0.0)
    if forme == Forme.RAPPORT:
        return 1.0 if plus_grand <= 1 else plafond_rond(plus_grand)
    return plafond_rond(plus_grand)


def nom_court(periode: Periode) -> str:
    """« nov. 26 », « T4 2026 », « 2026 » : sous un point."""
    if periode.cadence == CadenceReleve.MOIS:
        return f"{MOIS_COURTS[periode.debut.month - 1]} {periode.debut:%y}"
    if periode.cadence == CadenceReleve.TRIMESTRE:
        return f"T{(periode.debut.month + 2) // 3} {periode.debut.year}"
    return str(periode.debut.year)


def troncons(points: Sequence[P | None]) -> list[list[P]]:
    """Les suites de points sans trou : un mois sans chiffre coupe le trait, il ne se relie pas."""
    rendu: list[list[P]] = [[]]
    for point in points:
        if point is None:
            rendu.append([])
        else:
            rendu[-1].append(point)
    return [suite for suite in rendu if suite]
