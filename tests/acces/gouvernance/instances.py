"""La table d'accès de la gouvernance : instances."""

from tests.acces.lignes import Ligne

LIGNES: dict[str, Ligne] = {}
