"""La table d'accès de la gouvernance : alertes."""

from tests.acces.lignes import Ligne

LIGNES: dict[str, Ligne] = {}
