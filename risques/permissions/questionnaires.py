"""Droits sur les questionnaires : ceux de Treille à l'administrateur, ceux d'une grappe à qui la conduit."""

from programme.enums import Role
from programme.models import Grappe, Utilisateur
from programme.permissions import peut_administrer, tenir
from programme.socle.droits import Droit, inscrire
from risques.models import VersionQuestionnaire

REFERENCE = "Référence"
QUESTIONNAIRE_RESERVE = (
    "Les questionnaires de Treille reviennent à l'administrateur, ceux d'une grappe à son chef de projet."
)


@inscrire("risques.versionquestionnaire", "publier", "retirer", "reprendre")
def peut_tenir_version(utilisateur: Utilisateur, objet: VersionQuestionnaire) -> Droit:
    """Publier, retirer, corriger un brouillon."""
    return peut_tenir_questionnaires(utilisateur, objet.grappe)


def peut_tenir_questionnaires(utilisateur: Utilisateur, grappe: Grappe | None) -> Droit:
    """Tenir ceux d'une grappe, ou (sans grappe) ceux de Treille, que le produit publie aussi lui-même."""
    if grappe is not None:
        return tenir(utilisateur, grappe, (Role.CHEF_PROJET,), QUESTIONNAIRE_RESERVE)
    if utilisateur.est_treille:
        return Droit(True, role=REFERENCE)
    droit = peut_administrer(utilisateur)
    return droit if droit else Droit(False, QUESTIONNAIRE_RESERVE)


def peut_importer_quelque_part(utilisateur: Utilisateur) -> Droit:
    """Apporter un questionnaire : à Treille, ou à une grappe qu'on conduit."""
    for role in (Role.ADMIN, Role.CHEF_PROJET):
        if utilisateur.perimetre.tient(role):
            return Droit(True, role=str(role.label))
    return Droit(False, QUESTIONNAIRE_RESERVE)
