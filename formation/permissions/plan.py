"""Droits sur le plan de formation d'une grappe."""

from typing import Any

from programme.enums import Role
from programme.models import Utilisateur
from programme.permissions import tenir
from programme.socle.droits import Droit

PLAN_RESERVE = "Le plan de formation de la grappe revient au chef de projet ; chaque ESMS décline le sien."


def peut_tenir_le_plan(utilisateur: Utilisateur, objet: Any) -> Droit:
    """Modules, publics, seuils, formateurs de la grappe : le chef de projet."""
    return tenir(utilisateur, objet, (Role.CHEF_PROJET,), PLAN_RESERVE)
