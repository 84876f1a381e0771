"""Droits sur les questionnaires : ceux de Treille à l'administrateur, ceux d'une grappe à qui la conduit."""

from programme.enums import Role
from programme.models import Utilisateur
from programme.permissions import peut_administrer, tenir
from programme.socle.droits import Droit, inscrire
from risques.models import VersionQuestionnaire

QUESTIONNAIRE_RESERVE = (
    "Les questionnaires de Treille reviennent à l'administrateur, ceux d'une grappe à son chef de projet."
)


@inscrire("risques.versionquestionnaire", "publier", "retirer", "reprendre")
def peut_tenir_version(utilisateur: Utilisateur, objet: VersionQuestionnaire) -> Droit:
    """Publier, retirer, corriger un brouillon."""
    if objet.grappe is None:
        droit = peut_administrer(utilisateur)
        return droit if droit else Droit(False, QUESTIONNAIRE_RESERVE)
    return tenir(utilisateur, objet.grappe, (Role.CHEF_PROJET,), QUESTIONNAIRE_RESERVE)


def peut_importer_quelque_part(utilisateur: Utilisateur) -> Droit:
    """Apporter un questionnaire : à Treille, ou à une grappe qu'on conduit."""
    for role in (Role.ADMIN, Role.CHEF_PROJET):
        if utilisateur.perimetre.tient(role):
            return Droit(True, role=str(role.label))
    return Droit(False, QUESTIONNAIRE_RESERVE)
