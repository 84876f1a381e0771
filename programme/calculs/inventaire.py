"""L'inventaire d'applications qu'un siège tient déjà : ses intitulés, ses mots. Module pur.

Rien n'est deviné : un mot que l'on ne reconnaît pas est rendu à la personne avec ceux qui sont compris. Le format de
MaturiN-SMS n'est pas public : un inventaire qui en sort se reprend comme un autre, colonnes reliées une fois.
"""

from collections.abc import Mapping
from typing import Any

from programme.enums import DomaineApplication, SortApplication
from programme.socle.texte import normaliser

D, S = DomaineApplication, SortApplication

COLONNES = {
    "nom": "Application",
    "editeur": "Éditeur",
    "domaine": "Sert à",
    "sort": "Avec le DUI",
    "interface": "Lien attendu",
    "pour_qui": "Pour qui",
}
"""Celles de la liste des applications : ce qu'on emporte se reprend tel quel."""

INTITULES = {
    "nom": ("nom", "logiciel", "outil", "solution", "nom de l'application", "nom du logiciel"),
    "editeur": ("fournisseur", "editeur / fournisseur", "societe"),
    "domaine": ("domaine", "usage", "domaine fonctionnel", "fonction"),
    "sort": ("sort", "devenir", "avenir"),
    "interface": ("interface", "interface attendue", "lien attendu avec le dui"),
    "pour_qui": ("utilisateurs", "public", "metiers"),
}

MOTS_DOMAINE = {
    D.DOSSIER: ("dossier usager", "dossier", "transmissions", "dui"),
    D.SOINS: ("soins", "medicament", "pharmacie"),
    D.AGENDA: ("agenda", "transports", "rendez vous"),
    D.TEMPS: ("planning", "plannings", "temps", "gta", "temps du personnel"),
    D.PAIE: ("paie", "rh", "ressources humaines", "sirh"),
    D.FACTURATION: ("facturation", "comptabilite", "gestion"),
    D.QUALITE: ("qualite", "evenements indesirables"),
    D.DOCUMENTS: ("documents", "ged", "bureautique", "partage de fichiers"),
    D.MESSAGERIE: ("messagerie", "telephonie", "courriel"),
    D.HOTELLERIE: ("restauration", "hotellerie", "maintenance", "gmao"),
    D.SERVICES: ("services socles", "portail", "portails"),
    D.AUTRE: ("autre", "divers"),
}
MOTS_SORT = {
    S.A_DECIDER: ("a decider", "a voir"),
    S.GARDEE: ("gardee", "garde", "conserve", "conservee", "maintenu"),
    S.INTERFACEE: ("a interfacer", "interface", "interfacee", "a relier"),
    S.REMPLACEE: ("remplacee", "remplace", "a remplacer"),
    S.ARRETEE: ("arretee", "a arreter", "arret"),
}


def intitules_connus() -> dict[str, str]:
    """Intitulé normalisé → colonne, en plus de nos propres intitulés."""
    return {normaliser(mot): colonne for colonne, mots in INTITULES.items() for mot in mots}


def _chercher(texte: str, mots: Mapping[Any, tuple[str, ...]]) -> str | None:
    cherche = normaliser(texte)
    for valeur, tournures in mots.items():
        if cherche in (normaliser(str(valeur.label)), normaliser(valeur.value), *tournures):
            return str(valeur.value)
    return None


def domaine_de(texte: str) -> str | None:
    """L'usage que dit ce mot, ou None s'il n'est pas compris."""
    return _chercher(texte, MOTS_DOMAINE)


def sort_de(texte: str) -> str | None:
    """Le sort que dit ce mot, ou None s'il n'est pas compris."""
    return _chercher(texte, MOTS_SORT)
