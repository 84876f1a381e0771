"""Conditions de passage dont les faits vivent dans le tronc, par étape du parcours."""

from programme.conditions import cadrage, moyens, ouverture, routine, unites
from programme.conditions.communes import dater, directions_de

# Après celles des ESMS : les conditions s'affichent dans l'ordre où elles s'inscrivent.
# isort: split
from programme.conditions import financement

__all__ = ["cadrage", "dater", "directions_de", "financement", "moyens", "ouverture", "routine", "unites"]
