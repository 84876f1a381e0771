"""La table d'accès de la gouvernance : journal."""

from tests.acces.lignes import Ligne

LIGNES: dict[str, Ligne] = {}
