"""Droits sur les sessions de formation : les organiser, y inscrire, y pointer."""

from typing import Any

from django.db.models import Q

from formation.models import SessionFormation
from formation.models.communs import parcours_geres
from formation.permissions.communs import SAISIE_DE_FORMATION, peut_saisir_formation
from programme.enums import Role
from programme.models import Grappe, Parcours, Utilisateur
from programme.socle.droits import Droit, inscrire

SESSION_DE_GRAPPE = (
    "Une session de toute la grappe s'organise par le chef de projet ; un ESMS planifie les siennes depuis sa page."
)


@inscrire("formation.sessionformation", "ouvrir", "tenir", "evaluer", "annuler", "replanifier", "revenir")
def peut_organiser(utilisateur: Utilisateur, objet: SessionFormation | Parcours | Grappe) -> Droit:
    """Planifier, ouvrir, tenir, évaluer : le chef de projet pour sa grappe, qui saisit pour un ESMS pour la sienne."""
    droit = peut_saisir_formation(utilisateur, objet)
    if not droit and isinstance(getattr(objet, "rattache_a", objet), Grappe):
        return Droit(False, SESSION_DE_GRAPPE)
    return droit


def parcours_saisis(utilisateur: Utilisateur) -> Any:
    """Les parcours encore dans le projet pour lesquels il saisit : `peut_saisir_formation`, sur un ensemble."""
    conduites = utilisateur.perimetre.seul(Role.CHEF_PROJET)
    projet = Parcours.objects.dans_le_projet()
    if conduites.est_national:
        return projet
    siens = projet.filter(grappe__in=conduites.grappes).order_by().values("pk")
    geres = parcours_geres(utilisateur).order_by().values("pk")
    return projet.filter(Q(pk__in=siens) | Q(pk__in=geres))


def parcours_d_ici(utilisateur: Utilisateur, session: SessionFormation) -> Any:
    """Les ESMS que la session accueille, et pour lesquels il inscrit et pointe."""
    saisis = parcours_saisis(utilisateur).filter(grappe=session.grappe_id)
    return saisis.filter(pk=session.parcours_id) if session.parcours_id else saisis


def peut_inscrire(utilisateur: Utilisateur, session: SessionFormation) -> Droit:
    """Inscrire, pointer, imprimer la feuille : qui saisit pour l'un au moins des ESMS accueillis, chacun les siens."""
    if peut_organiser(utilisateur, session) or parcours_d_ici(utilisateur, session).exists():
        return Droit(True)
    return Droit(False, SAISIE_DE_FORMATION)
