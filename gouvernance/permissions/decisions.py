"""Droits sur les décisions : les instruire, consigner ce que l'instance a tranché. Elle lève ; le directeur décide."""

from gouvernance.models import Decision, Instance
from gouvernance.permissions.communs import conduire_ou_animer
from programme.models import Utilisateur
from programme.socle.droits import Droit, inscrire

DECISION_RESERVEE = (
    "Une décision se consigne par le chef de projet de la grappe, ou par qui anime l'instance qui l'a prise."
)


@inscrire("gouvernance.decision", "arbitrer", "appliquer", "reviser", "abandonner")
def peut_tenir_decision(utilisateur: Utilisateur, objet: Decision | Instance) -> Droit:
    """L'instruire, la corriger, en consigner l'arbitrage et la suite."""
    instance = objet.comite if isinstance(objet, Decision) else objet
    return conduire_ou_animer(utilisateur, instance, DECISION_RESERVEE)
