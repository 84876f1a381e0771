"""Travaux de fond des questionnaires : charger ce module inscrit leurs genres."""

from risques.resources import questionnaires

__all__ = ["questionnaires"]
