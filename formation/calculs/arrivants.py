"""Du premier jour au compte, puis à la formation : les délais des arrivants. Module pur, sans base ni horloge.

Une médiane ne s'additionne pas : on garde chaque délai (`Repartition.durees`), et l'on refait la médiane d'un ensemble
depuis les délais de ses parties.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil
from statistics import median

from programme.calculs.delais import jours

TRANCHES = ((0, "le premier jour"), (7, "dans la semaine"), (30, "dans le mois"), (90, "dans les trois mois"))
AU_DELA = "plus tard"


@dataclass(frozen=True, slots=True)
class Repartition:
    """Des délais en jours, du plus court au plus long."""

    durees: tuple[int, ...] = ()

    @property
    def nombre(self) -> int:
        """Combien de personnes."""
        return len(self.durees)

    @property
    def mediane(self) -> int | None:
        """La moitié en a mis moins, arrondie au jour ; None sans délai."""
        return int(median(self.durees) + 0.5) if self.durees else None

    @property
    def p90(self) -> int | None:
        """Neuf sur dix en ont mis autant ou moins ; None sans délai."""
        return self.durees[ceil(0.9 * len(self.durees)) - 1] if self.durees else None

    @property
    def tranches(self) -> list[tuple[str, int]]:
        """Combien le premier jour, dans la semaine, le mois, les trois mois, plus tard."""
        rendu, deja = [], 0
        for borne, mot in TRANCHES:
            atteints = sum(d <= borne for d in self.durees)
            rendu.append((mot, atteints - deja))
            deja = atteints
        return [*rendu, (AU_DELA, len(self.durees) - deja)]

    def __add__(self, autre: "Repartition") -> "Repartition":
        """Deux ensembles réunis : tous leurs délais."""
        return repartir((*self.durees, *autre.durees))


def repartir(durees: Iterable[int]) -> Repartition:
    """Ces délais, rangés."""
    return Repartition(tuple(sorted(durees)))


def delai_de_formation(debut: date, dus: Iterable[int], obtenus: Mapping[int, date]) -> int | None:
    """Jours de l'entrée au dernier module du socle obtenu, 0 si tous l'étaient déjà ; None s'il en manque un.

    `obtenus` : par module, le premier jour où la personne y a été formée.
    """
    dates = [obtenus.get(module) for module in dus]
    if not dates or None in dates:
        return None
    return jours(debut, max(d for d in dates if d is not None))
