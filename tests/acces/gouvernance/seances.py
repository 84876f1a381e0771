"""La table d'accès de la gouvernance : seances."""

from tests.acces.lignes import Ligne

LIGNES: dict[str, Ligne] = {}
