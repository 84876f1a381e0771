"""La table d'accès de la formation : plan de formation, déclinaisons, formateurs."""

from tests.acces.lignes import Ligne

LIGNES: dict[str, Ligne] = {}
