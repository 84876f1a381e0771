"""Travaux de fond du programme : charger ce module inscrit leurs genres."""

from programme.resources import annuaire, checklist, feuille, reprise
from programme.socle import emporter

__all__ = ["annuaire", "checklist", "emporter", "feuille", "reprise"]
