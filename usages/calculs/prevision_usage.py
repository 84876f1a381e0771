"""Prolonger un chiffre : la pente médiane des derniers relevés, à partir du dernier. Module pur.

Méthode : sur les `POINTS` derniers chiffres connus, la pente entre deux relevés quelconques, et la médiane de toutes
ces pentes (Theil-Sen) ; un mois aberrant ne la change guère. On part du dernier chiffre, on avance de cette pente, sans
sortir des bornes. Sous `MINIMUM` chiffres, ou quand le dernier date, on ne prévoit rien.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

MINIMUM = 4
POINTS = 6
HORIZON = 3
"""Périodes prolongées."""
AU_PLUS_LOIN = 12
"""Au-delà, dire quand une cible serait atteinte n'a plus de sens."""
METHODE = "Prévision : le dernier chiffre prolongé de la pente médiane des six derniers, au moins quatre."


@dataclass(frozen=True, slots=True)
class Prevision:
    """`pente` par période ; `valeurs` : les `HORIZON` suivantes."""

    pente: float
    valeurs: tuple[float, ...]


def pente_mediane(points: Sequence[tuple[int, float]]) -> float:
    """La médiane des pentes entre deux points ; deux points au moins, d'abscisses distinctes."""
    return float(median((y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in combinations(points, 2)))


def _borner(valeur: float, plancher: float, plafond: float | None) -> float:
    return max(plancher, valeur if plafond is None else min(valeur, plafond))


def _derniers(valeurs: Sequence[float | None]) -> list[tuple[int, float]]:
    """Les derniers chiffres connus ; rien s'il y en a trop peu, ou si les deux dernières périodes n'en ont pas."""
    connus = [(rang, v) for rang, v in enumerate(valeurs) if v is not None][-POINTS:]
    return connus if len(connus) >= MINIMUM and connus[-1][0] >= len(valeurs) - 2 else []


def prevoir(
    valeurs: Sequence[float | None], *, plancher: float = 0.0, plafond: float | None = None
) -> Prevision | None:
    """Les périodes qui suivent la dernière de `valeurs` (une par période, None : pas de chiffre) ; None sinon."""
    connus = _derniers(valeurs)
    if not connus:
        return None
    pente, (rang, dernier) = pente_mediane(connus), connus[-1]
    suite = range(len(valeurs), len(valeurs) + HORIZON)
    return Prevision(pente, tuple(_borner(dernier + pente * (x - rang), plancher, plafond) for x in suite))


def periodes_avant(valeurs: Sequence[float | None], cible: float) -> int | None:
    """Dans combien de périodes la cible serait atteinte à ce rythme ; 0 si elle l'est, None si trop loin ou jamais."""
    connus = _derniers(valeurs)
    if not connus:
        return None
    pente, (rang, dernier) = pente_mediane(connus), connus[-1]
    if abs(cible - dernier) < 1e-9:
        return 0
    if pente == 0 or (cible - dernier) / pente < 0:
        return None
    retard = len(valeurs) - 1 - rang
    pas = max(int(-(-((cible - dernier) / pente - 1e-9) // 1)) - retard, 0)
    return pas if pas <= AU_PLUS_LOIN else None
