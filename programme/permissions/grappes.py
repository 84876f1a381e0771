"""Droits sur une grappe : la monter, la lire, régler ses conditions."""

from programme.enums import Role
from programme.models import (
    Grappe,
    Parcours,
    Utilisateur,
)
from programme.permissions.parcours import PREPARATION_RESERVEE, peut_conduire
from programme.socle.droits import Droit

ROLES_QUI_MONTENT = (Role.CHEF_PROJET, Role.SIEGE)


def peut_lire_grille(utilisateur: Utilisateur, objet: Grappe) -> Droit:
    """La grille de préparation, réduite aux ESMS dont on lit la préparation ; fermée à qui n'est que financeur."""
    if not utilisateur.perimetre.tient(Role.ARS):
        return Droit(True)
    lisibles = Parcours.objects.lisibles_par(utilisateur).filter(grappe=objet)
    return Droit(True) if lisibles.exists() else Droit(False, PREPARATION_RESERVEE)


def peut_regler_conditions(utilisateur: Utilisateur, objet: Grappe) -> Droit:
    """Sévérité des conditions dans la grappe, plancher légal excepté."""
    return peut_conduire(utilisateur, objet)


def voit_toute_la_grappe(utilisateur: Utilisateur, grappe: Grappe) -> bool:
    """Vrai si rien de la grappe n'échappe au lecteur : alors seulement un total en dit quelque chose de juste."""
    perimetre = utilisateur.perimetre.sauf(Role.ARS)
    return perimetre.est_national or grappe.pk in perimetre.grappes


def peut_creer_grappe(utilisateur: Utilisateur) -> Droit:
    """Monter une grappe : chef de projet, siège d'un OG ou administrateur."""
    for role in (*ROLES_QUI_MONTENT, Role.ADMIN):
        if utilisateur.perimetre.tient(role):
            return Droit(True, role=str(role.label))
    return Droit(False, "Monter une grappe revient à un chef de projet ou au siège d'un organisme gestionnaire.")


def doit_designer_un_chef(utilisateur: Utilisateur) -> bool:
    """Vrai pour qui monte une grappe sans pouvoir la conduire : l'administrateur ne conduit pas."""
    return not any(utilisateur.perimetre.tient(role) for role in ROLES_QUI_MONTENT)
