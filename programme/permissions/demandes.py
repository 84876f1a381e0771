"""Droits sur les demandes de paramétrage et sur l'état dit d'un chantier."""

from programme.enums import Role
from programme.models import DemandeParametrage, Parcours, Utilisateur
from programme.permissions.communs import tenir
from programme.socle.droits import Droit, inscrire

ROLES_QUI_DEMANDENT = (Role.DIRECTEUR, Role.REFERENT, Role.SIEGE, Role.CHEF_PROJET)
DEMANDE_RESERVEE = (
    "Une demande de paramétrage s'écrit par la direction, le référent local, le siège de l'OG ou le chef de projet."
)
SUITE_DE_DEMANDE_RESERVEE = (
    "La suite d'une demande se dit par le chef de projet, la direction de l'ESMS ou le siège de l'OG."
)
CHANTIER_RESERVE = (
    "L'état d'un chantier se dit par la direction de l'ESMS ou son référent local ; le calcul se lit à côté."
)


@inscrire("programme.demandeparametrage", "retirer", "rouvrir")
def peut_demander(utilisateur: Utilisateur, objet: DemandeParametrage | Parcours) -> Droit:
    """L'écrire, la corriger, la retirer, la rouvrir : qui saisit pour l'ESMS."""
    return tenir(utilisateur, objet, ROLES_QUI_DEMANDENT, DEMANDE_RESERVEE)


@inscrire("programme.demandeparametrage", "instruire", "conclure", "revenir")
def peut_instruire(utilisateur: Utilisateur, demande: DemandeParametrage) -> Droit:
    """Dire de qui vient la suite, puis ce qui est décidé : changer la pratique revient à la direction."""
    roles = (Role.CHEF_PROJET, Role.DIRECTEUR, Role.SIEGE)
    return tenir(utilisateur, demande, roles, SUITE_DE_DEMANDE_RESERVEE)


def peut_demander_quelque_part(utilisateur: Utilisateur) -> Droit:
    """Vrai si ce compte a un ESMS pour qui écrire une demande."""
    for role in ROLES_QUI_DEMANDENT:
        if utilisateur.perimetre.tient(role):
            return Droit(True, role=str(role.label))
    return Droit(False, DEMANDE_RESERVEE)


def peut_dire_un_chantier(utilisateur: Utilisateur, parcours: Parcours) -> Droit:
    """Dire l'état d'un chantier à la place du calcul : qui le connaît, donc l'ESMS lui-même, pas qui le conduit."""
    return tenir(utilisateur, parcours, (Role.DIRECTEUR, Role.REFERENT), CHANTIER_RESERVE)
