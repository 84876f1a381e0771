"""Droits sur les demandes aux éditeurs, les tickets, les irritants, les versions."""

from typing import Any

from programme.enums import Role
from programme.models import Utilisateur
from programme.permissions import tenir
from programme.socle.droits import Droit, inscrire

EDITEURS_RESERVES = "Suivre les éditeurs revient au chef de projet de la grappe et à son équipe d'appui."


@inscrire("usages.demandeediteur", "repondre", "clore", "relancer", "abandonner")
def peut_suivre_les_editeurs(utilisateur: Utilisateur, objet: Any) -> Droit:
    """Envoyer, relancer, clore une demande, importer des tickets, rapprocher : le chef de projet, l'équipe d'appui."""
    return tenir(utilisateur, objet, (Role.CHEF_PROJET, Role.APPUI), EDITEURS_RESERVES)
