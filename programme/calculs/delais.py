"""Délais en jours : de l'ouverture à la clôture, et leur médiane. Module pur, sans base ni horloge."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median


def jours(debut: date, fin: date) -> int:
    """Jours écoulés, jamais moins de zéro : close le jour même, une demande a pris 0 jour."""
    return max((fin - debut).days, 0)


@dataclass(frozen=True, slots=True)
class Delai:
    """Une médiane et le nombre de durées dont elle vient ; sans durée, pas de médiane."""

    mediane: int | None
    nombre: int


def delai_median(durees: Iterable[int]) -> Delai:
    """La médiane, arrondie au jour ; à égale distance, au plus long."""
    lues = sorted(durees)
    return Delai(int(median(lues) + 0.5) if lues else None, len(lues))


def deplier(comptes: Mapping[tuple[date, date], int]) -> Iterable[int]:
    """Des durées comptées par couple (ouverte, close), une par demande."""
    for (debut, fin), nombre in comptes.items():
        for _ in range(nombre):
            yield jours(debut, fin)
