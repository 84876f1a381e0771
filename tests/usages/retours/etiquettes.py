"""Ce qui étiquette un retour du jeu d'essai : son groupe, et les modules d'un DUI."""

from typing import NamedTuple


class Retour(NamedTuple):
    """Un retour et son groupe ; `groupe` vide : personne d'autre n'a dit la même chose."""

    groupe: str
    module: str
    unite: str
    probleme: str
    amelioration: str = ""


def groupe(groupe: str, module: str, *dits: tuple[str, ...]) -> list[Retour]:
    return [Retour(groupe, module, *dit) for dit in dits]


BORD, AGENDA, PROJET, DOSSIER = "journal-de-bord", "agenda", "projet-personnalise", "dossier-administratif"
ECRITS, SOINS, ORDONNANCES, PRESENCES = "ecrits-documents", "soins", "prescriptions", "presences"
FACTURES, EI, MSS, PORTAIL = "facturation", "evenements-indesirables", "messagerie-securisee", "portail"
EVAL, INS, PILOTAGE = "evaluations", "dossier-medical-partage", "pilotage"
