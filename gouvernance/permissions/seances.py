"""Droits sur les séances : les préparer, les tenir, en diffuser le compte rendu, l'ouvrir au financeur."""

from typing import Any

from gouvernance.models import Instance, PartageSeance, Seance
from gouvernance.permissions.communs import conduire_ou_animer, siege
from programme.enums import Role
from programme.models import Utilisateur
from programme.permissions import tenir
from programme.socle.droits import Droit, inscrire
from programme.socle.pieces import lecture_de

SEANCE_RESERVEE = "Une séance se prépare et se tient par le chef de projet de la grappe, ou par qui anime l'instance."
MEMBRE_DE_L_INSTANCE = "Membre de l'instance"
PARTAGE_AU_CHEF_DE_PROJET = "Ouvrir un compte rendu au financeur revient au chef de projet de la grappe."
POINT_AU_COMITE = "Un point se porte au COMOP par qui siège à ce comité, ou par le chef de projet de la grappe."
COMPTE_RENDU_AUX_MEMBRES = "Le dossier et l'ordre du jour se lisent par les membres de l'instance."


@inscrire("gouvernance.seance", "ouvrir", "clore", "diffuser", "rouvrir", "annuler")
def peut_tenir_seance(utilisateur: Utilisateur, objet: Seance | Instance) -> Droit:
    """La prévoir, la préparer, l'ouvrir, y consigner, la clore, la diffuser."""
    instance = objet.comite if isinstance(objet, Seance) else objet
    return conduire_ou_animer(utilisateur, instance, SEANCE_RESERVEE)


def peut_suivre_seance(utilisateur: Utilisateur, seance: Seance) -> Droit:
    """Lire tout d'elle : ordre du jour, dossier, notes. Un partage n'ouvre que le compte rendu diffusé."""
    if Seance.objects.suivies_par(utilisateur).filter(pk=seance.pk).exists():
        return Droit(True)
    return Droit(False, COMPTE_RENDU_AUX_MEMBRES)


def peut_partager_seance(utilisateur: Utilisateur, objet: Seance | PartageSeance) -> Droit:
    """Ouvrir un compte rendu diffusé au financeur, le refermer : le chef de projet."""
    return tenir(utilisateur, objet, (Role.CHEF_PROJET,), PARTAGE_AU_CHEF_DE_PROJET)


def peut_porter_un_point(utilisateur: Utilisateur, instance: Instance) -> Droit:
    """Porter au COMOP un point de ce comité : qui y siège, ou conduit la grappe."""
    droit = tenir(utilisateur, instance, (Role.CHEF_PROJET,), POINT_AU_COMITE)
    if droit or not siege(utilisateur, instance):
        return droit
    return Droit(True, role=MEMBRE_DE_L_INSTANCE)


@lecture_de("gouvernance.seance")
def peut_lire_la_piece(utilisateur: Utilisateur, seance: Seance, piece: Any) -> bool:
    """Une pièce de séance : qui la suit ; un compte rendu partagé n'ouvre pas ce qu'on y a joint."""
    return bool(peut_suivre_seance(utilisateur, seance))
