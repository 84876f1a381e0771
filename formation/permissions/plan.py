"""Droits sur le plan de formation d'une grappe."""

from typing import Any

from formation.models import ModuleFormation
from programme.enums import Role
from programme.models import Utilisateur
from programme.permissions import tenir
from programme.socle.droits import Droit
from programme.socle.pieces import lecture_de

PLAN_RESERVE = "Le plan de formation de la grappe revient au chef de projet ; chaque ESMS décline le sien."


def peut_tenir_le_plan(utilisateur: Utilisateur, objet: Any) -> Droit:
    """Modules, publics, seuils, formateurs de la grappe : le chef de projet."""
    return tenir(utilisateur, objet, (Role.CHEF_PROJET,), PLAN_RESERVE)


@lecture_de("formation.moduleformation")
def peut_lire_le_support(utilisateur: Utilisateur, module: ModuleFormation, piece: Any) -> bool:
    """Un support de formation : qui lit le module."""
    return ModuleFormation.objects.visibles_par(utilisateur).filter(pk=module.pk).exists()
