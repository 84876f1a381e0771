"""La table d'accès de la formation : avis donnés sans compte, et leur lecture."""

from tests.acces.lignes import Ligne

LIGNES: dict[str, Ligne] = {}
