"""Travaux de fond des usages : charger ce module inscrit leurs genres, et ceux de ses imports."""

from usages.resources import tickets

__all__ = ["tickets"]
