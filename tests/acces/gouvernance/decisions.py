"""La table d'accès de la gouvernance : decisions."""

from tests.acces.lignes import Ligne

LIGNES: dict[str, Ligne] = {}
