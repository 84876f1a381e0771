"""La table d'accès de la formation : comptes du DUI."""

from tests.acces.lignes import Ligne

LIGNES: dict[str, Ligne] = {}
