"""Droits sur les actions : les tenir, les faire avancer."""

from programme.enums import Role
from programme.models import Action, Grappe, Parcours, Utilisateur
from programme.permissions.communs import tenir
from programme.socle.droits import Droit, inscrire

ROLES_DES_ACTIONS = (Role.DIRECTEUR, Role.REFERENT, Role.SIEGE, Role.CHEF_PROJET)
ACTION_RESERVEE = (
    "Une action s'écrit et s'abandonne par la direction, le référent local ou le siège pour leurs ESMS, par le chef de "
    "projet pour sa grappe ; son responsable la fait avancer."
)
RESPONSABLE = "Responsable de l'action"


@inscrire("programme.action", "abandonner")
def peut_tenir_action(utilisateur: Utilisateur, objet: Action | Grappe | Parcours) -> Droit:
    """L'écrire, la modifier, la confier, l'abandonner : qui saisit pour l'ESMS, ou conduit la grappe."""
    return tenir(utilisateur, objet, ROLES_DES_ACTIONS, ACTION_RESERVEE)


@inscrire("programme.action", "commencer", "terminer", "revenir", "rouvrir")
def peut_avancer_action(utilisateur: Utilisateur, action: Action) -> Droit:
    """La faire avancer : qui la tient, et son responsable tant qu'il la voit."""
    droit = peut_tenir_action(utilisateur, action)
    if droit or action.responsable_id is None or action.responsable_id != utilisateur.pk:
        return droit
    if Action.objects.visibles_par(utilisateur).filter(pk=action.pk).exists():
        return Droit(True, role=RESPONSABLE)
    return droit


def peut_creer_action_quelque_part(utilisateur: Utilisateur) -> Droit:
    """Vrai si ce compte a une grappe ou un ESMS pour qui écrire une action."""
    for role in ROLES_DES_ACTIONS:
        if utilisateur.perimetre.tient(role):
            return Droit(True, role=str(role.label))
    return Droit(False, ACTION_RESERVEE)
