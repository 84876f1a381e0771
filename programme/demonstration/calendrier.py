"""Les dates de la démonstration, comptées depuis aujourd'hui : elle ne vieillit pas. Module pur.

Pour que l'ordre tienne quel que soit le jour du chargement : `jours()` jusqu'à deux mois, `mois()` à partir de trois.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

DERNIERS_JOURS = 60
PREMIER_MOIS = 3


FERIES = frozenset({(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)})
"""Jours fériés à date fixe (mois, jour)."""


def est_ouvre(jour: date) -> bool:
    """Du lundi au vendredi, hors fériés à date fixe."""
    return jour.weekday() < 5 and (jour.month, jour.day) not in FERIES


def jour_ouvre(jour: date) -> date:
    """Ce jour, ou le dernier jour ouvré d'avant : personne ne signe un dimanche."""
    while not est_ouvre(jour):
        jour -= timedelta(days=1)
    return jour


@dataclass(frozen=True)
class Calendrier:
    """Passé et avenir vus d'un jour donné."""

    aujourdhui: date

    def jours(self, nombre: int) -> date:
        """Il y a `nombre` jours, soixante au plus."""
        if not 0 <= nombre <= DERNIERS_JOURS:
            raise ValueError("Au-delà de soixante jours, compter en mois.")
        return jour_ouvre(self.aujourdhui - timedelta(days=nombre))

    def mois(self, nombre: int, jour: int) -> date:
        """Le `jour` du mois, il y a `nombre` mois (trois au moins)."""
        if nombre < PREMIER_MOIS:
            raise ValueError("En deçà de trois mois, compter en jours.")
        return self._du_mois(-nombre, jour)

    def dans(self, nombre: int, jour: int) -> date:
        """Le `jour` du mois, dans `nombre` mois (un au moins)."""
        return self._du_mois(nombre, jour)

    def dans_jours(self, nombre: int) -> date:
        """Dans `nombre` jours, ou le premier jour ouvré d'après."""
        jour = self.aujourdhui + timedelta(days=nombre)
        while not est_ouvre(jour):
            jour += timedelta(days=1)
        return jour

    def _du_mois(self, ecart: int, jour: int) -> date:
        annee, rang = divmod(self.aujourdhui.year * 12 + self.aujourdhui.month - 1 + ecart, 12)
        return jour_ouvre(date(annee, rang + 1, min(jour, monthrange(annee, rang + 1)[1])))
