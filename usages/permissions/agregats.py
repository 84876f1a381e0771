"""Qui lit les totaux de quoi (conception, §9.14 de la visibilité ; metier §1 pour le financeur).

- un ESMS : qui le lit ; le financeur, une fois transmis.
- une grappe : qui la voit ; sans les petits groupes pour qui n'en voit pas tous les ESMS.
- un organisme : qui en voit tous les ESMS. Une région : qui la suit. Ailleurs, la différence dirait trop.
- le pays : tout compte à qui quelque chose est confié, sans les petits groupes.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from programme.enums import Role
from programme.models import Grappe, OrganismeGestionnaire, Parcours, Region, Utilisateur
from programme.perimetre import Perimetre
from programme.socle.droits import Droit
from usages.enums import Maille
from usages.models.communs import grappes_de_pres

TOTAUX_RESERVES = "Ces totaux se lisent par qui suit tous les ESMS qu'ils additionnent."


@dataclass(frozen=True, slots=True)
class Acces:
    """Ce qu'un compte lit d'un territoire.

    `entier` : il en lit déjà tous les ESMS, rien ne se masque. `transmis_seulement` : il n'y est que financeur.
    """

    entier: bool
    transmis_seulement: bool


def _couvre(perimetre: Perimetre, maille: str, cle: Any) -> bool:
    tenus: dict[str, Collection[Any]] = {
        Maille.GRAPPE: perimetre.grappes,
        Maille.OG: perimetre.ogs,
        Maille.REGION: perimetre.regions,
        Maille.NATIONAL: (),
    }
    return perimetre.est_national or cle in tenus[maille]


def territoires_lisibles(utilisateur: Utilisateur, maille: str) -> QuerySet[Any]:
    """Les territoires dont il lit les totaux, à cette maille (le pays n'en est pas un : voir `acces_aux_totaux`)."""
    p = utilisateur.perimetre
    if maille == Maille.GRAPPE:
        return Grappe.objects.visibles_par(utilisateur)
    if maille == Maille.REGION:
        return Region.objects.all() if p.est_national else Region.objects.filter(pk__in=p.regions)
    vus = Parcours.objects.visibles_par(utilisateur).order_by()
    ogs = OrganismeGestionnaire.objects.filter(Exists(Parcours.objects.filter(esms__og=OuterRef("pk"))))
    if p.est_national:
        return ogs
    cache = Parcours.objects.filter(esms__og=OuterRef("pk")).exclude(pk__in=vus.values("pk"))
    return ogs.filter(Exists(vus.filter(esms__og=OuterRef("pk"))) & ~Exists(cache))


def _de_pres(utilisateur: Utilisateur, maille: str, cles: Collection[Any]) -> set[Any]:
    """Parmi ces territoires, ceux qu'il lit autrement qu'en financeur."""
    if not utilisateur.perimetre.tient(Role.ARS):
        return set(cles)
    confie = utilisateur.perimetre.sauf(Role.ARS)
    if confie.est_national:
        return set(cles)
    if maille == Maille.REGION:
        return set(confie.regions) & set(cles)
    if maille == Maille.GRAPPE:
        return set(grappes_de_pres(utilisateur).filter(pk__in=list(cles)).values_list("pk", flat=True))
    lus = Parcours.objects.lisibles_par(utilisateur).order_by()
    return set(lus.filter(esms__og__in=list(cles)).values_list("esms__og", flat=True))


def acces_aux_totaux(utilisateur: Utilisateur, maille: str, cles: Collection[Any]) -> dict[Any, Acces]:
    """Ce qu'il lit de ces territoires (clés ; `""` pour le pays) ; absent : il n'en lit pas le total. Deux requêtes."""
    p = utilisateur.perimetre
    confie, finance = p.sauf(Role.ARS), p.seul(Role.ARS)
    if maille == Maille.NATIONAL:
        if not p.affectes:
            return {}
        financeur = not confie.affectes
        return {"": Acces(confie.est_national or financeur and finance.est_national, financeur)}
    lisibles = set(territoires_lisibles(utilisateur, maille).filter(pk__in=list(cles)).values_list("pk", flat=True))
    lisibles |= {cle for cle in cles if _couvre(confie, maille, cle)}
    de_pres = _de_pres(utilisateur, maille, lisibles)
    return {
        cle: Acces(
            _couvre(confie, maille, cle) or cle not in de_pres and _couvre(finance, maille, cle), cle not in de_pres
        )
        for cle in lisibles
    }


def peut_lire_les_totaux(utilisateur: Utilisateur, maille: str, cle: Any = "") -> Droit:
    """Lire les totaux d'un territoire. Deux requêtes au plus."""
    return Droit(True) if acces_aux_totaux(utilisateur, maille, [cle]) else Droit(False, TOTAUX_RESERVES)
