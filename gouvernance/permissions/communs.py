"""Ce que partagent les droits de la gouvernance : qui conduit, qui anime."""

from django.utils import timezone

from gouvernance.models import Instance, Mandat
from programme.enums import Role
from programme.models import Utilisateur
from programme.permissions import tenir
from programme.socle.droits import Droit

ANIMATEUR = "Animation de l'instance"
AU_CHEF_OU_A_L_ANIMATION = "Ce geste revient au chef de projet de la grappe, ou à qui anime l'instance."


def siege(utilisateur: Utilisateur, instance: Instance) -> bool:
    """Vrai s'il y tient aujourd'hui un mandat, comme titulaire ou suppléant. Une requête."""
    return Mandat.objects.en_cours(timezone.localdate()).de(utilisateur).filter(comite=instance).exists()


def anime(utilisateur: Utilisateur, instance: Instance) -> bool:
    """Vrai s'il tient aujourd'hui un mandat d'animation dans cette instance. Une requête."""
    tenus = Mandat.objects.en_cours(timezone.localdate()).de(utilisateur)
    return tenus.filter(comite=instance.pk, anime=True).exists()


def conduire_ou_animer(utilisateur: Utilisateur, instance: Instance, sinon: str = AU_CHEF_OU_A_L_ANIMATION) -> Droit:
    """Le chef de projet de la grappe, ou qui anime l'instance."""
    droit = tenir(utilisateur, instance, (Role.CHEF_PROJET,), sinon)
    if droit or not anime(utilisateur, instance):
        return droit
    return Droit(True, role=ANIMATEUR)
