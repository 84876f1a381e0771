"""Droits sur ce qu'on tire d'un retour : le droit de le traiter, et celui de ce qu'on crée ; les verbatims."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.utils import timezone

from formation.permissions import peut_saisir_formation
from gouvernance.enums import EtatSeance
from gouvernance.models import Mandat, Seance
from gouvernance.permissions.seances import SEANCE_RESERVEE
from programme.enums import Role
from programme.models import Utilisateur
from programme.permissions import peut_tenir_action, tenir
from programme.socle.droits import Droit
from risques.permissions import peut_tenir_risque
from usages.enums import NatureSuite
from usages.models import Retour, Verbatim
from usages.models.communs import a_ete_pilote
from usages.permissions.editeurs import peut_suivre_les_editeurs
from usages.permissions.etudes import peut_noter_un_accord
from usages.permissions.retours import TRAITENT, peut_tenir_les_enseignements, peut_traiter

VERBATIMS_RESERVES = (
    "Recueillir un verbatim et noter l'accord de qui l'a dit revient à la direction, au référent ou au siège de "
    "l'ESMS, au chef de projet ou à l'équipe d'appui."
)


def seances_tenues(utilisateur: Utilisateur, retour: Retour) -> Any:
    """Les séances à venir de sa grappe que ce compte prépare, la prochaine d'abord."""
    a_venir = Seance.objects.a_venir().filter(Q(etat=EtatSeance.OUVERTE) | Q(debut__gte=timezone.now()))
    a_venir = a_venir.filter(comite__grappe=retour.parcours.grappe_id, comite__close_le__isnull=True)
    if not tenir(utilisateur, retour.grappe, (Role.CHEF_PROJET,), SEANCE_RESERVEE):
        a_venir = a_venir.filter(comite__in=_animes(utilisateur, retour).values("comite"))
    return a_venir.pour_lecture().order_by("debut", "pk")


def _animes(utilisateur: Utilisateur, retour: Retour) -> Any:
    tenus = Mandat.objects.en_cours(timezone.localdate()).de(utilisateur)
    return tenus.filter(comite__grappe=retour.parcours.grappe_id, anime=True).order_by()


def _porter_en_seance(utilisateur: Utilisateur, retour: Retour) -> Droit:
    droit = tenir(utilisateur, retour.grappe, (Role.CHEF_PROJET,), SEANCE_RESERVEE)
    return Droit(True) if droit or _animes(utilisateur, retour).exists() else droit


def _enseigner(utilisateur: Utilisateur, retour: Retour) -> Droit:
    """Une direction n'écrit un enseignement que si son ESMS a été pilote."""
    if droit := peut_tenir_les_enseignements(utilisateur, retour.grappe):
        return droit
    return peut_tenir_les_enseignements(utilisateur, retour.parcours) if a_ete_pilote(retour.parcours) else droit


def peut_tenir_les_verbatims(utilisateur: Utilisateur, objet: Any) -> Droit:
    """Garder un verbatim, noter l'accord : qui répond pour l'ESMS, la conduite ; pas les relais.

    Recueilli dans une visite, il est à l'équipe de l'étude.
    """
    if isinstance(objet, Verbatim) and objet.visite_id is not None:
        return peut_noter_un_accord(utilisateur, objet)
    return tenir(utilisateur, objet, TRAITENT, VERBATIMS_RESERVES)


VERBES: dict[str, Callable[[Utilisateur, Retour], Droit]] = {
    NatureSuite.ACTION: lambda u, r: peut_tenir_action(u, r.parcours),
    NatureSuite.RISQUE: lambda u, r: peut_tenir_risque(u, r.parcours),
    NatureSuite.EDITEUR: lambda u, r: peut_suivre_les_editeurs(u, r.grappe),
    NatureSuite.SEANCE: _porter_en_seance,
    NatureSuite.ENSEIGNEMENT: _enseigner,
    NatureSuite.ARRIVANT: lambda u, r: peut_saisir_formation(u, r.parcours),
    NatureSuite.VERBATIM: peut_tenir_les_verbatims,
}


def peut_donner_suite(utilisateur: Utilisateur, retour: Retour, nature: str) -> Droit:
    """Tirer d'un retour un objet de cette nature : qui traite le retour, et écrit de tels objets."""
    droit = peut_traiter(utilisateur, retour)
    return VERBES[nature](utilisateur, retour) if droit else droit
