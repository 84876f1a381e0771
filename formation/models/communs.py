"""Ce que partagent les lectures de la formation : qui gère un ESMS, ce qui touche ses ESMS ou leur grappe."""

from typing import Any

from django.db.models import Q

from programme.enums import Role
from programme.models import Grappe, Parcours

GERENT = (Role.DIRECTEUR, Role.REFERENT, Role.SIEGE)
"""Ceux qui gèrent un ESMS : eux seuls lisent les noms des professionnels."""


def parcours_geres(utilisateur: Any) -> Any:
    """Les parcours dont il gère l'ESMS ; lui seul y lit des noms. Ni conduire, ni administrer n'y suffit."""
    siens = Q(pk__in=[])
    for role in GERENT:
        p = utilisateur.perimetre.seul(role)
        if p.est_national:
            return Parcours.objects.all()
        siens |= Q(esms__in=p.esms) | Q(esms__og__in=p.ogs)
    return Parcours.objects.filter(siens)


def touchent(utilisateur: Any, parcours: str = "parcours", grappe: str = "grappe") -> Q:
    """Les lignes d'un ESMS dont il lit la préparation, et celles de toute une grappe dont il est ou qu'il accompagne.

    `parcours`, `grappe` : chemins depuis la ligne ; le premier est nul quand elle vaut pour toute la grappe.
    """
    lisibles = Parcours.objects.lisibles_par(utilisateur).order_by()
    grappes = Q(**{f"{grappe}__in": lisibles.dans_le_projet().values("grappe")}) | Q(
        **{f"{grappe}__in": Grappe.objects.de_pres(utilisateur).order_by().values("pk")}
    )
    return Q(**{f"{parcours}__in": lisibles.values("pk")}) | Q(**{f"{parcours}__isnull": True}) & grappes
