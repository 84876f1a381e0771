"""Droits de nommer : confier un rôle, le déléguer, y mettre fin."""

from typing import Any

from django.utils import timezone

from programme.enums import EtatParcours, Portee, Role, Titre
from programme.models import (
    Affectation,
    Esms,
    Grappe,
    Groupe,
    OrganismeGestionnaire,
    Parcours,
    Region,
    Utilisateur,
)
from programme.permissions.communs import affectes_sur, peut_administrer, tenir
from programme.permissions.parcours import peut_conduire
from programme.socle.droits import Droit

NOMINATION = "Nommer revient au siège de l'OG, au chef de projet ou à l'administrateur."
DIRECTION_TENUE = (
    "Cet ESMS a déjà une direction, aujourd'hui ou à venir : la changer revient au siège de son organisme "
    "gestionnaire ou à l'administrateur, adressez-vous à eux."
)
ESMS_PARTAGE = (
    "Cet ESMS est engagé dans un autre projet que les vôtres : y nommer revient au siège de son organisme gestionnaire "
    "ou à l'administrateur, adressez-vous à eux."
)
CLOTURE = (
    "Mettre fin à ce rôle revient à qui l'a confié, au siège de l'organisme gestionnaire ou à l'administrateur : "
    "adressez-vous à eux."
)
LIEN_PAR_COURRIEL = (
    "Ce rôle décide : le lien part par courriel, il ne se montre qu'au siège de l'OG et à l'administrateur."
)
ROLES_QUI_DECIDENT = (Role.DIRECTEUR, Role.SIEGE, Role.ADMIN)


def peut_deleguer(utilisateur: Utilisateur, objet: Esms) -> Droit:
    """Déléguer la direction d'un ESMS : son directeur titulaire ou par intérim, ou le siège de son OG."""
    for affecte in affectes_sur(utilisateur, objet):
        if affecte.role == Role.SIEGE or (affecte.role == Role.DIRECTEUR and affecte.titre != Titre.DELEGATION):
            return Droit(True, role=Role(affecte.role).label)
    return Droit(False, "La délégation revient au directeur de l'ESMS ou au siège de son organisme gestionnaire.")


def peut_nommer(utilisateur: Utilisateur, role: str, objet: Esms | Grappe | Groupe | OrganismeGestionnaire) -> Droit:
    """Nommer : l'administrateur, le siège de l'OG, le chef de projet dans sa grappe et les ESMS qui n'ont qu'elle."""
    if peut_administrer(utilisateur):
        return Droit(True, role=Role.ADMIN.label)
    if siege := tenir(utilisateur, objet, (Role.SIEGE,), NOMINATION):
        return siege
    if isinstance(objet, Esms):
        return _peut_nommer_en_conduisant(utilisateur, role, objet)
    return tenir(utilisateur, objet, (Role.CHEF_PROJET,), NOMINATION)


def parcours_conduits(utilisateur: Utilisateur, esms: Esms) -> tuple[list[Parcours], list[Parcours]]:
    """Parcours en cours d'un ESMS, et ceux d'entre eux que l'utilisateur conduit."""
    engages = [p for p in esms.parcours.all() if p.etat != EtatParcours.SORTI]
    return engages, [p for p in engages if peut_conduire(utilisateur, p)]


def _peut_nommer_en_conduisant(utilisateur: Utilisateur, role: str, esms: Esms) -> Droit:
    """Qui conduit ne prend pas la main sur l'ESMS d'un autre projet, ni sur une direction qui existe."""
    engages, conduits = parcours_conduits(utilisateur, esms)
    if not conduits:
        return Droit(False, NOMINATION)
    if len(conduits) < len(engages):
        return Droit(False, ESMS_PARTAGE)
    if role == Role.DIRECTEUR and not _est_vacant(esms):
        return Droit(False, DIRECTION_TENUE)
    return Droit(True, role=Role.CHEF_PROJET.label)


def _est_vacant(esms: Esms) -> bool:
    """Vrai si personne ne dirige l'ESMS, ni aujourd'hui ni plus tard."""
    aujourd_hui = timezone.localdate()
    return not any(a.au is None or a.au >= aujourd_hui for a in esms.directions)


def peut_affecter(
    utilisateur: Utilisateur, role: str, cible: Esms | Grappe | Groupe | OrganismeGestionnaire | Region | None
) -> Droit:
    """Confier un rôle : un directeur nomme son référent et son appui ; région et national sont à l'administrateur."""
    if cible is None or isinstance(cible, Region):
        return peut_administrer(utilisateur)
    if role in (Role.REFERENT, Role.APPUI) and isinstance(cible, Esms) and (droit := peut_deleguer(utilisateur, cible)):
        return droit
    return peut_nommer(utilisateur, role, cible)


def peut_nommer_quelque_part(utilisateur: Utilisateur) -> Droit:
    """Vrai si ce compte a quelqu'un à nommer, où que ce soit."""
    for role in (Role.ADMIN, Role.SIEGE, Role.CHEF_PROJET, Role.DIRECTEUR):
        if utilisateur.perimetre.tient(role):
            return Droit(True, role=str(role.label))
    return Droit(False, "Nommer revient au siège de l'OG, au chef de projet, au directeur ou à l'administrateur.")


def peut_clore(utilisateur: Utilisateur, affectation: Affectation) -> Droit:
    """Mettre fin : l'administrateur, le siège de l'OG, le directeur chez lui, et qui a confié ce rôle."""
    cible = affectation.cible
    if cible is None or isinstance(cible, Region) or peut_administrer(utilisateur):
        return peut_administrer(utilisateur)
    if siege := tenir(utilisateur, cible, (Role.SIEGE,), CLOTURE):
        return siege
    est_sienne = affectation.confie_par_id == utilisateur.pk
    if est_sienne and isinstance(cible, Esms) and parcours_conduits(utilisateur, cible)[1]:
        return Droit(True, role=Role.CHEF_PROJET.label)
    if est_sienne and (conduite := tenir(utilisateur, cible, (Role.CHEF_PROJET,), CLOTURE)):
        return conduite
    du_directeur = affectation.titre == Titre.DELEGATION or affectation.role == Role.REFERENT
    if (est_sienne or du_directeur) and _dirige_en_titre(utilisateur, cible):
        return Droit(True, role=Role.DIRECTEUR.label)
    return Droit(False, CLOTURE)


def _dirige_en_titre(utilisateur: Utilisateur, cible: Any) -> bool:
    """Titulaire ou intérim de cet ESMS, ou de ce groupe."""
    if isinstance(cible, Groupe):
        tenues = [a for a in utilisateur.perimetre.affectes if a.portee == Portee.GROUPE and a.cible == cible.pk]
    else:
        tenues = affectes_sur(utilisateur, cible)
    return any(a.role == Role.DIRECTEUR and a.titre != Titre.DELEGATION for a in tenues)


def peut_voir_le_lien(utilisateur: Utilisateur, affectation: Affectation) -> Droit:
    """Le lien d'un compte qui décide ne passe par la main de personne, sauf l'administrateur ou le siège de son OG."""
    if affectation.role not in ROLES_QUI_DECIDENT or peut_administrer(utilisateur):
        return Droit(True)
    if affectation.cible is None:
        return Droit(False, LIEN_PAR_COURRIEL)
    return tenir(utilisateur, affectation.cible, (Role.SIEGE,), LIEN_PAR_COURRIEL)
