"""Travaux de fond du programme : charger ce module inscrit leurs genres."""

from programme.resources import annuaire, feuille, inventaire, reprise
from programme.socle import emporter

__all__ = ["annuaire", "emporter", "feuille", "inventaire", "reprise"]
