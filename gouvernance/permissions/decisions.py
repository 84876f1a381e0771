"""Droits sur les décisions : les instruire, consigner ce que l'instance a tranché. Elle lève ; le directeur décide."""

from django.utils import timezone

from gouvernance.models import Decision, Instance, Mandat
from gouvernance.permissions.communs import ANIMATEUR, conduire_ou_animer
from programme.enums import Role
from programme.models import Grappe, Utilisateur
from programme.permissions import tenir
from programme.socle.droits import Droit, inscrire

DECISION_RESERVEE = (
    "Une décision se consigne par le chef de projet de la grappe, ou par qui anime l'instance qui l'a prise."
)


@inscrire("gouvernance.decision", "arbitrer", "appliquer", "reviser", "abandonner")
def peut_tenir_decision(utilisateur: Utilisateur, objet: Decision | Instance) -> Droit:
    """L'instruire, la corriger, en consigner l'arbitrage et la suite."""
    instance = objet.comite if isinstance(objet, Decision) else objet
    return conduire_ou_animer(utilisateur, instance, DECISION_RESERVEE)


def peut_instruire_une_decision(utilisateur: Utilisateur, grappe: Grappe) -> Droit:
    """En instruire une dans cette grappe : qui la conduit, ou anime une de ses instances. Une requête au plus."""
    droit = tenir(utilisateur, grappe, (Role.CHEF_PROJET,), DECISION_RESERVEE)
    if droit:
        return droit
    tenus = Mandat.objects.en_cours(timezone.localdate()).de(utilisateur)
    return Droit(True, role=ANIMATEUR) if tenus.filter(anime=True, comite__grappe=grappe).exists() else droit
