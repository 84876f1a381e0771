"""La table d'accès de la formation : plan de changement."""

from tests.acces.lignes import Ligne

LIGNES: dict[str, Ligne] = {}
