"""Droits sur les demandes aux éditeurs, les tickets, les irritants, les versions."""

from typing import Any

from programme.enums import Role
from programme.models import Utilisateur
from programme.permissions import peut_ajouter_solution, tenir
from programme.socle.droits import Droit, inscrire
from programme.socle.models import Piece
from programme.socle.pieces import lecture_de
from usages.models import DemandeEditeur

EDITEURS_RESERVES = "Suivre les éditeurs revient au chef de projet de la grappe et à son équipe d'appui."
MONTEES_RESERVEES = (
    "Noter une montée de version revient à la direction, au référent ou au siège de l'ESMS, au chef de projet ou à "
    "l'équipe d'appui."
)
VERSIONS_RESERVEES = "Tenir les versions d'une solution revient à un chef de projet ou à l'administrateur."


@inscrire("usages.demandeediteur", "repondre", "clore", "relancer", "abandonner")
def peut_suivre_les_editeurs(utilisateur: Utilisateur, objet: Any) -> Droit:
    """Envoyer, relancer, clore une demande, importer des tickets, rapprocher : le chef de projet, l'équipe d'appui."""
    return tenir(utilisateur, objet, (Role.CHEF_PROJET, Role.APPUI), EDITEURS_RESERVES)


def peut_noter_une_montee(utilisateur: Utilisateur, objet: Any) -> Droit:
    """Prévoir, dire faite une montée de version : qui suit l'éditeur, et qui répond pour l'ESMS."""
    roles = (Role.CHEF_PROJET, Role.APPUI, Role.DIRECTEUR, Role.REFERENT, Role.SIEGE)
    return tenir(utilisateur, objet, roles, MONTEES_RESERVEES)


def peut_tenir_les_versions(utilisateur: Utilisateur) -> Droit:
    """Ajouter une version, dater sa sortie : comme une solution, que plusieurs grappes partagent."""
    droit = peut_ajouter_solution(utilisateur)
    return droit if droit else Droit(False, VERSIONS_RESERVEES)


@lecture_de("usages.demandeediteur")
def lit_les_pieces(utilisateur: Utilisateur, demande: DemandeEditeur, piece: Piece) -> bool:
    """Qui lit la demande lit ses pièces ; pas le financeur."""
    return DemandeEditeur.objects.visibles_par(utilisateur).filter(pk=demande.pk).exists()
