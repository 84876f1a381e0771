"""Ce qu'on montre des connexions par tranche du jour et par lieu : jamais moins de dix comptes. Module pur.

Une heure et un lieu désignent la veilleuse de nuit. Une case de moins de dix comptes se tait ; et comme le total se lit
à côté, ce qui se tait doit réunir dix comptes à lui seul, sans quoi la différence le dirait : on tait alors aussi la
plus petite des autres cases, et ainsi de suite.
"""

from collections.abc import Hashable, Mapping, Set
from typing import TypeVar

K = TypeVar("K", bound=Hashable)

SEUIL = 10
"""Comptes différents, au moins (metier §8)."""


def a_montrer(cases: Mapping[K, Set[str]], seuil: int = SEUIL) -> list[K]:
    """Les cases qui se montrent, dans l'ordre où on les a données. `cases` : case → les comptes qui y sont."""
    montrees = [cle for cle, comptes in cases.items() if len(comptes) >= seuil]
    while montrees and 0 < len(_reunis(cases, montrees)) < seuil:
        montrees.remove(min(montrees, key=lambda cle: (len(cases[cle]), str(cle))))
    return montrees


def _reunis(cases: Mapping[K, Set[str]], montrees: list[K]) -> set[str]:
    """Les comptes de tout ce qui se tait."""
    return {compte for cle, comptes in cases.items() if cle not in montrees for compte in comptes}
