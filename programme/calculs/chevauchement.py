"""Deux périodes qui se chevauchent, jours compris ; une borne absente ne borne rien. Module pur."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar


class Periode(Protocol):
    """Un début et un dernier jour, compris."""

    @property
    def premier_jour(self) -> date | None:
        """Premier jour ; None : pas de début connu."""

    @property
    def dernier_jour(self) -> date | None:
        """Dernier jour ; None : pas de fin connue."""


@dataclass(frozen=True, slots=True)
class Bornes:
    """Une période nue."""

    premier_jour: date | None
    dernier_jour: date | None


P = TypeVar("P", bound=Periode)


def se_chevauchent(une: Periode, autre: Periode) -> bool:
    """Vrai si un même jour est dans les deux."""
    return _commence_avant_la_fin(une, autre) and _commence_avant_la_fin(autre, une)


def _commence_avant_la_fin(une: Periode, autre: Periode) -> bool:
    debut, fin = une.premier_jour, autre.dernier_jour
    return debut is None or fin is None or debut <= fin


def chevauchent(fenetre: Periode, periodes: Iterable[P]) -> list[P]:
    """Celles qui touchent la fenêtre, dans leur ordre. Une fenêtre sans aucune date n'en touche aucune."""
    if fenetre.premier_jour is None and fenetre.dernier_jour is None:
        return []
    return [p for p in periodes if se_chevauchent(fenetre, p)]
