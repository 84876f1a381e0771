"""La table d'accès de la gouvernance : calendrier."""

from tests.acces.lignes import Ligne

LIGNES: dict[str, Ligne] = {}
