"""Une durée et sa distribution : une médiane ne s'additionne pas, elle se lit des tranches. Module pur.

Une part par tranche, nommée par sa borne : `j007`, jusqu'à 7 jours compris ; `au_dela`, plus que la dernière. Les parts
s'additionnent d'un ESMS à l'autre ; le quantile se lit du total.

    rang     = plafond(q × nombre de cas), au moins 1
    tranche  = la première dont le nombre cumulé atteint le rang ; le quantile exact y est, on ne sait où
    estimé   = borne d'avant + (rang − cumul d'avant) / nombre dans la tranche × largeur, arrondi au jour
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from programme.socle.tranches import CLES

MEDIANE, P90 = 0.5, 0.9
AU_DELA = "au_dela"
_BORNE = re.compile(r"j(\d{1,5})")


@dataclass(frozen=True, slots=True)
class Quantile:
    """Où tombe un quantile : de `du` à `au` jours compris ; `au`, `estime` : None au-delà de la dernière borne."""

    du: int
    au: int | None
    estime: int | None

    @property
    def texte(self) -> str:
        """« de 8 à 14 jours », « plus de 365 jours », « le jour même »."""
        if self.au is None:
            return f"plus de {self.du - 1} jours"
        if self.au <= 1 and self.du == 0:
            return "un jour au plus" if self.au else "le jour même"
        return f"{self.du} jours" if self.du == self.au else f"de {self.du} à {self.au} jours"


def borne(cle: str) -> int | None:
    """Le dernier jour d'une tranche ; None pour « au-delà ». Lève `ValueError` pour une clé qui n'en est pas une."""
    if cle == AU_DELA:
        return None
    if (lue := _BORNE.fullmatch(cle)) is None:
        raise ValueError(f"« {cle} » n'est pas une tranche de jours.")
    return int(lue[1])


def _rangees(parts: Mapping[str, Decimal | int]) -> list[tuple[int | None, int]]:
    """(borne, nombre) de la plus courte à la plus longue ; « au-delà » en dernier."""
    lues = [(borne(cle), int(nombre)) for cle, nombre in parts.items() if cle]
    return sorted(lues, key=lambda t: (t[0] is None, t[0] or 0))


def lire(parts: Mapping[str, Decimal | int], q: float) -> Quantile | None:
    """Le quantile de parts gardées, où une tranche sans cas n'est pas écrite : sans elle, la suivante s'élargirait."""
    return quantile({**dict.fromkeys(CLES, 0), **parts}, q)


def quantile(parts: Mapping[str, Decimal | int], q: float) -> Quantile | None:
    """Le quantile `q` (0..1) d'une durée, depuis ses tranches (clé → nombre de cas) ; None sans aucun cas.

    Il faut toutes les tranches : une tranche absente élargit celle qui la suit.
    """
    tranches = _rangees(parts)
    total = sum(nombre for _, nombre in tranches)
    if total <= 0:
        return None
    rang, cumul, avant = max(ceil(q * total), 1), 0, -1
    for jusqu_a, nombre in tranches:
        if cumul + nombre >= rang:
            if jusqu_a is None:
                return Quantile(avant + 1, None, None)
            estime = avant + (rang - cumul) / nombre * (jusqu_a - avant)
            return Quantile(avant + 1, jusqu_a, round(estime))
        cumul, avant = cumul + nombre, avant if jusqu_a is None else jusqu_a
    raise AssertionError("Le dernier cumul atteint toujours le rang.")
