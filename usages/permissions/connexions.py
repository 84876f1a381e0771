"""Droits sur les fichiers de connexion de l'éditeur, et sur les heures et les lieux."""

from typing import Any

from programme.enums import Role
from programme.models import Utilisateur
from programme.permissions import tenir
from programme.socle.droits import Droit
from usages.permissions.communs import SAISISSENT

IMPORT_DES_CONNEXIONS = (
    "Un fichier de connexion désigne des comptes : il s'importe par la direction de l'ESMS, son référent ou son siège."
)
HORAIRES_RESERVES = "Compter par heure et par lieu se décide par la direction de l'ESMS, ou par son siège."


def peut_importer_connexions(utilisateur: Utilisateur, objet: Any) -> Droit:
    """Déposer un journal ou une liste, et l'écrire : qui gère l'ESMS."""
    return tenir(utilisateur, objet, SAISISSENT, IMPORT_DES_CONNEXIONS)


def peut_envoyer_un_journal(utilisateur: Utilisateur) -> Droit:
    """Envoyer un gros fichier : qui gère au moins un ESMS, quel qu'il soit."""
    gere = any(utilisateur.perimetre.tient(role) for role in SAISISSENT)
    return Droit(True) if gere else Droit(False, IMPORT_DES_CONNEXIONS)


def peut_allumer_les_horaires(utilisateur: Utilisateur, objet: Any) -> Droit:
    """Allumer ou éteindre les heures et les lieux : la direction, le siège."""
    return tenir(utilisateur, objet, (Role.DIRECTEUR, Role.SIEGE), HORAIRES_RESERVES)
