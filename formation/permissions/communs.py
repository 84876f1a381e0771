"""Ce que partagent les droits de la formation : lire la préparation d'un ESMS ou d'une grappe, gérer un ESMS."""

from typing import Any

from formation.models.communs import GERENT
from programme.enums import Role
from programme.models import Grappe, Parcours, Utilisateur
from programme.permissions import tenir
from programme.socle.droits import Droit

NOMS_RESERVES = (
    "Les noms se lisent par qui gère l'ESMS : sa direction, son référent local, le siège de son organisme. Ailleurs, "
    "on ne lit que des nombres."
)
FORMATION_RESERVEE = "Le financeur ne lit pas la formation ESMS par ESMS, ni ses droits d'accès."
ROLES_QUI_SAISISSENT = (*GERENT, Role.CHEF_PROJET)
SAISIE_DE_FORMATION = (
    "Ce geste revient à la direction, au référent local ou au siège pour leurs ESMS, et au chef de projet pour sa "
    "grappe."
)


def peut_lire_formation(utilisateur: Utilisateur, objet: Any) -> Droit:
    """Les nombres d'un ESMS ou d'une grappe, ses sessions, ses droits d'accès : pas qui n'y est que financeur.

    Une requête au plus.
    """
    cible = getattr(objet, "rattache_a", objet)
    if utilisateur.perimetre.sauf(Role.ARS).est_national:
        return Droit(True)
    lisibles = Parcours.objects.lisibles_par(utilisateur)
    if isinstance(cible, Grappe):
        lu = (
            Grappe.objects.de_pres(utilisateur).filter(pk=cible.pk).exists()
            or lisibles.dans_le_projet().filter(grappe=cible.pk).exists()
        )
    else:
        lu = lisibles.filter(pk=cible.pk).exists()
    return Droit(True) if lu else Droit(False, FORMATION_RESERVEE)


def peut_gerer_professionnels(utilisateur: Utilisateur, objet: Any) -> Droit:
    """Lire et tenir les noms d'un ESMS : sa direction, son référent local, son siège. Ni conduire, ni administrer."""
    return tenir(utilisateur, objet, GERENT, NOMS_RESERVES)


def peut_saisir_formation(utilisateur: Utilisateur, objet: Any) -> Droit:
    """Compter des postes, décliner le plan, inscrire, pointer, préparer une matrice : qui saisit pour cet ESMS."""
    return tenir(utilisateur, objet, ROLES_QUI_SAISISSENT, SAISIE_DE_FORMATION)
