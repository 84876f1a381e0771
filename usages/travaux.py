"""Travaux de fond des usages : charger ce module inscrit leurs genres, et ceux de leurs imports."""

from usages.resources import connexions

__all__ = ["connexions"]
