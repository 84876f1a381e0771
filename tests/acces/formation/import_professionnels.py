"""La table d'accès de la formation : import du fichier des ressources humaines."""

from tests.acces.lignes import Ligne

LIGNES: dict[str, Ligne] = {}
