"""Droits sur les profils et les matrices des droits d'accès."""

from typing import Any

from formation.models import Matrice
from formation.permissions.communs import ROLES_QUI_SAISISSENT
from programme.enums import Role
from programme.models import Utilisateur
from programme.permissions import tenir
from programme.socle.droits import Droit, inscrire

MODELE_RESERVE = "Les profils et le modèle de la grappe reviennent au chef de projet ; chaque ESMS a sa variante."
SAISIE_DE_MATRICE = (
    "La variante d'un ESMS se prépare par sa direction, son référent local, son siège ou le chef de projet."
)
VALIDATION_A_LA_DIRECTION = (
    "Valider les droits d'accès d'un ESMS revient à sa direction, à son intérim ou à son délégué ; le modèle de la "
    "grappe, au chef de projet."
)


def peut_tenir_les_profils(utilisateur: Utilisateur, objet: Any) -> Droit:
    """Les profils d'une grappe : le chef de projet."""
    return tenir(utilisateur, objet, (Role.CHEF_PROJET,), MODELE_RESERVE)


@inscrire("formation.matrice", "soumettre", "reprendre")
def peut_preparer_matrice(utilisateur: Utilisateur, matrice: Any) -> Droit:
    """Remplir la matrice : le modèle par le chef de projet, la variante par qui saisit pour l'ESMS."""
    if isinstance(matrice, Matrice) and matrice.est_modele:
        return tenir(utilisateur, matrice, (Role.CHEF_PROJET,), MODELE_RESERVE)
    return tenir(utilisateur, matrice, ROLES_QUI_SAISISSENT, SAISIE_DE_MATRICE)


@inscrire("formation.matrice", "valider", "remplacer")
def peut_valider_matrice(utilisateur: Utilisateur, matrice: Matrice) -> Droit:
    """La faire foi : la direction pour la sienne, le chef de projet pour le modèle."""
    roles = (Role.CHEF_PROJET,) if matrice.est_modele else (Role.DIRECTEUR,)
    return tenir(utilisateur, matrice, roles, VALIDATION_A_LA_DIRECTION)
