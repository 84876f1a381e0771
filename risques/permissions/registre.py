"""Droits sur le registre des risques et sur ce qui le règle."""

from programme.enums import Role
from programme.models import Grappe, Parcours, Utilisateur
from programme.permissions import ROLES_DES_ACTIONS, tenir
from programme.socle.droits import Droit, inscrire
from risques.models import Risque, SuiteDonnee

RISQUE_RESERVE = (
    "Un risque s'écrit et se suit par la direction, le référent local ou le siège pour leurs ESMS, par le chef de "
    "projet pour sa grappe."
)
BAREME_AU_CHEF_DE_PROJET = "Les bornes des risques se règlent par le chef de projet de la grappe."


@inscrire("risques.risque", "traiter", "maitriser", "clore", "rouvrir")
def peut_tenir_risque(utilisateur: Utilisateur, objet: Risque | SuiteDonnee | Grappe | Parcours) -> Droit:
    """L'écrire, le coter, le suivre, donner suite à une réponse qui inquiète."""
    return tenir(utilisateur, objet, ROLES_DES_ACTIONS, RISQUE_RESERVE)


def peut_tenir_un_risque_quelque_part(utilisateur: Utilisateur) -> Droit:
    """Vrai si ce compte a une grappe ou un ESMS pour qui écrire un risque."""
    for role in ROLES_DES_ACTIONS:
        if utilisateur.perimetre.tient(role):
            return Droit(True, role=str(role.label))
    return Droit(False, RISQUE_RESERVE)


def peut_regler_bareme(utilisateur: Utilisateur, grappe: Grappe) -> Droit:
    """Changer les bornes des niveaux, le seuil d'une réponse qui inquiète."""
    return tenir(utilisateur, grappe, (Role.CHEF_PROJET,), BAREME_AU_CHEF_DE_PROJET)
