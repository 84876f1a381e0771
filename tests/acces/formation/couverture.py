"""La table d'accès de la formation : couverture et arrivants : des nombres."""

from tests.acces.lignes import Ligne

LIGNES: dict[str, Ligne] = {}
