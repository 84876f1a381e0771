"""Travaux de fond de la formation : charger ce module inscrit leurs genres."""

from formation.resources import professionnels

__all__ = ["professionnels"]
