"""Droits sur les retours de terrain : les donner, les traiter, y répondre, tenir les liens, les enseignements."""

from typing import Any

from django.db.models import Q

from programme.enums import Role
from programme.models import Parcours, Utilisateur
from programme.permissions import tenir
from programme.socle.droits import Droit, inscrire
from programme.socle.models import Piece
from programme.socle.pieces import lecture_de
from usages.models import Relais, Retour
from usages.permissions.communs import peut_lire_usages

TRAITENT = (Role.DIRECTEUR, Role.REFERENT, Role.SIEGE, Role.CHEF_PROJET, Role.APPUI)
RETOURS_RESERVES = "Donner un retour revient à qui travaille dans cet ESMS ou l'accompagne."
TRAITEMENT_RESERVE = (
    "Traiter un retour revient à la direction, au référent ou au siège de l'ESMS, à ses relais, au chef de projet ou à "
    "l'équipe d'appui."
)
REPONSE_RESERVEE = (
    "Répondre au nom de l'ESMS revient à sa direction, son référent ou son siège, au chef de projet ou à l'équipe "
    "d'appui."
)
ENSEIGNEMENTS_RESERVES = (
    "Écrire et clore un enseignement revient au chef de projet, à l'équipe d'appui ou à la direction d'un ESMS pilote."
)
LECTURE_DES_ENSEIGNEMENTS = (
    "Les enseignements du pilote se lisent par qui est de la grappe : ils sont de la préparation, que le financeur ne "
    "lit pas."
)
PRATIQUES_RESERVEES = (
    "Écrire, partager, reprendre une pratique revient au chef de projet ou à l'équipe d'appui d'une grappe."
)
LECTURE_RESERVEE = "Dire un enseignement lu revient à la direction, au référent ou au siège de l'ESMS."


def peut_donner_un_retour(utilisateur: Utilisateur, parcours: Parcours) -> Droit:
    """Qui lit la préparation de l'ESMS peut parler de lui ; pas le financeur. Une requête."""
    lu = Parcours.objects.lisibles_par(utilisateur).filter(pk=parcours.pk).exists()
    return Droit(True) if lu else Droit(False, RETOURS_RESERVES)


def est_relais(utilisateur: Utilisateur, retour: Retour) -> bool:
    """Vrai s'il est relais de cette unité, ou de tout l'ESMS. Une requête."""
    if utilisateur._state.adding:
        # Un compte d'essai, qui ne tient qu'un rôle : la documentation des machines en dresse un par rôle.
        return False
    siens = Relais.objects.filter(compte=utilisateur, parcours=retour.parcours_id)
    return siens.filter(Q(unite__isnull=True) | Q(unite=retour.unite_id)).exists()


@inscrire("usages.retour", "qualifier", "prendre_en_charge", "resoudre", "regrouper", "separer", "rouvrir")
def peut_traiter(utilisateur: Utilisateur, objet: Any) -> Droit:
    """Qualifier, prendre en charge, regrouper, confier : qui répond pour l'ESMS, ses relais, la conduite."""
    droit = tenir(utilisateur, objet, TRAITENT, TRAITEMENT_RESERVE)
    if not droit and isinstance(objet, Retour) and est_relais(utilisateur, objet):
        return Droit(True, role="Relais")
    return droit


@inscrire("usages.retour", "publier", "ne_pas_retenir")
def peut_repondre(utilisateur: Utilisateur, objet: Any) -> Droit:
    """Publier une réponse, dire qu'on ne retient pas : pas les relais, qui la rapportent."""
    return tenir(utilisateur, objet, TRAITENT, REPONSE_RESERVEE)


def peut_tenir_les_liens(utilisateur: Utilisateur, objet: Any) -> Droit:
    """Créer, imprimer, révoquer un lien de retour ; nommer les relais : qui répond pour l'ESMS, la conduite."""
    return tenir(utilisateur, objet, TRAITENT, REPONSE_RESERVEE)


def peut_regler_les_retours(utilisateur: Utilisateur, grappe: Any) -> Droit:
    """Les délais d'une grappe : son chef de projet, son équipe d'appui."""
    return tenir(utilisateur, grappe, (Role.CHEF_PROJET, Role.APPUI), TRAITEMENT_RESERVE)


@inscrire("usages.enseignement", "clore", "rouvrir")
def peut_tenir_les_enseignements(utilisateur: Utilisateur, objet: Any) -> Droit:
    """Les écrire et les clore : la conduite de la grappe ; pour un ESMS pilote, sa direction aussi.

    `objet` : la grappe, l'ESMS pilote, ou l'enseignement.
    """
    droit = tenir(utilisateur, objet, (Role.CHEF_PROJET, Role.APPUI), ENSEIGNEMENTS_RESERVES)
    pilote = objet if isinstance(objet, Parcours) else getattr(objet, "pilote", None)
    if droit or pilote is None or not pilote.est_pilote:
        return droit
    return tenir(utilisateur, pilote, (Role.DIRECTEUR, Role.REFERENT), ENSEIGNEMENTS_RESERVES)


def peut_lire_les_enseignements(utilisateur: Utilisateur, objet: Any) -> Droit:
    """Les pages d'enseignements d'une grappe ou d'un ESMS : qui est de la grappe. Deux requêtes au plus."""
    return Droit(True) if peut_lire_usages(utilisateur, objet) else Droit(False, LECTURE_DES_ENSEIGNEMENTS)


def peut_dire_lu(utilisateur: Utilisateur, parcours: Parcours) -> Droit:
    """Dire un enseignement lu au nom de l'ESMS."""
    return tenir(utilisateur, parcours, (Role.DIRECTEUR, Role.REFERENT, Role.SIEGE), LECTURE_RESERVEE)


@inscrire("usages.pratique", "partager", "retirer")
def peut_tenir_les_pratiques(utilisateur: Utilisateur, objet: Any) -> Droit:
    """Écrire, partager, retirer une fiche, reprendre celle d'une autre grappe : la conduite de la grappe."""
    return tenir(utilisateur, objet, (Role.CHEF_PROJET, Role.APPUI), PRATIQUES_RESERVEES)


@lecture_de("usages.retour")
def lit_les_pieces(utilisateur: Utilisateur, retour: Retour, piece: Piece) -> bool:
    """Qui lit le retour lit sa photo ; pas le financeur."""
    return Retour.objects.visibles_par(utilisateur).filter(pk=retour.pk).exists()
