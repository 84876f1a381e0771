"""La table d'accès de la formation : professionnels et postes. Qui gère l'ESMS y lit des noms ; personne d'autre.."""

from tests.acces.lignes import Ligne

LIGNES: dict[str, Ligne] = {}
