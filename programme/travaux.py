"""Travaux de fond du programme : charger ce module inscrit leurs genres."""

from programme.resources import annuaire, feuille

__all__ = ["annuaire", "feuille"]
