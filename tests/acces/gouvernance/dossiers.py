"""La table d'accès de la gouvernance : dossiers."""

from tests.acces.lignes import Ligne

LIGNES: dict[str, Ligne] = {}
