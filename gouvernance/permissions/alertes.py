"""Droits sur les alertes : les donner, les prendre en charge, y répondre."""

from django.utils import timezone

from gouvernance.enums import TRAITENT_LES_ALERTES
from gouvernance.models import Alerte, Mandat
from gouvernance.permissions.communs import ANIMATEUR
from programme.enums import Role
from programme.models import Grappe, Parcours, Utilisateur
from programme.permissions import ROLES_DES_ACTIONS, tenir
from programme.socle.droits import Droit, inscrire

ALERTE_RESERVEE = (
    "Une alerte se donne par la direction, le référent local ou le siège pour leurs ESMS, par le chef de projet pour "
    "sa grappe."
)
REPONSE_RESERVEE = "Y répondre revient au chef de projet de la grappe, ou à qui anime le COMOP ou le COSTRAT."
REGLE = "Règle de Treille"


@inscrire("gouvernance.alerte", "rouvrir")
def peut_donner_alerte(utilisateur: Utilisateur, objet: Alerte | Parcours | Grappe) -> Droit:
    """La donner, la rouvrir si la réponse ne suffit pas."""
    return tenir(utilisateur, objet, ROLES_DES_ACTIONS, ALERTE_RESERVEE)


@inscrire("gouvernance.alerte", "prendre_en_charge", "clore")
def peut_repondre_a_l_alerte(utilisateur: Utilisateur, alerte: Alerte) -> Droit:
    """La prendre en charge, y répondre."""
    droit = tenir(utilisateur, alerte.grappe, (Role.CHEF_PROJET,), REPONSE_RESERVEE)
    if droit:
        return droit
    tenus = Mandat.objects.en_cours(timezone.localdate()).de(utilisateur).filter(anime=True)
    if tenus.filter(comite__grappe=alerte.grappe_id, comite__type__in=TRAITENT_LES_ALERTES).exists():
        return Droit(True, role=ANIMATEUR)
    return droit


@inscrire("gouvernance.alerte", "porter")
def peut_porter_l_alerte(utilisateur: Utilisateur, alerte: Alerte) -> Droit:
    """La porter au COSTRAT : qui y répond, et Treille, passé le délai."""
    if utilisateur.est_treille:
        return Droit(True, role=REGLE)
    return peut_repondre_a_l_alerte(utilisateur, alerte)


def peut_alerter_quelque_part(utilisateur: Utilisateur) -> Droit:
    """Vrai si ce compte a un ESMS ou une grappe pour qui donner l'alerte."""
    for role in ROLES_DES_ACTIONS:
        if utilisateur.perimetre.tient(role):
            return Droit(True, role=str(role.label))
    return Droit(False, ALERTE_RESERVEE)
