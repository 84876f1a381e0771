"""Conditions de passage dont les faits vivent dans le tronc, par étape du parcours."""

from programme.conditions import cadrage, ouverture, routine, unites
from programme.conditions.communes import dater, directions_de

__all__ = ["cadrage", "dater", "directions_de", "ouverture", "routine", "unites"]
