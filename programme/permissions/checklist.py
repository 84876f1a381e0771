"""Droits sur la checklist : qui répond à quel niveau, qui tient le modèle d'une grappe."""

from typing import Any

from programme.enums import Niveau, Portee, Role
from programme.models import Grappe, Utilisateur
from programme.permissions.communs import tenir
from programme.permissions.parcours import peut_conduire, peut_saisir
from programme.socle.droits import Droit

REPONSE_DE_GRAPPE = "Cette action se répond au niveau de la grappe, par son chef de projet."
REPONSE_D_OG = "Cette action se répond au niveau de l'organisme gestionnaire, par son siège ou par le chef de projet."
REPONSE_DE_GROUPE = (
    "Cette action se répond au niveau du groupe, par sa direction, son référent, son siège ou le chef de projet."
)


def peut_repondre(utilisateur: Utilisateur, grappe: Grappe, niveau: str, cible: Any) -> Droit:
    """Répondre pour une grappe, un OG, un groupe ou un ESMS (`cible`) ; le chef de projet le peut partout chez lui."""
    if niveau == Niveau.ESMS:
        return peut_saisir(utilisateur, cible)
    if conduite := peut_conduire(utilisateur, grappe):
        return conduite
    if niveau == Niveau.GRAPPE:
        return Droit(False, REPONSE_DE_GRAPPE)
    sinon = REPONSE_D_OG if niveau == Niveau.OG else REPONSE_DE_GROUPE
    if siege := tenir(utilisateur, cible, (Role.SIEGE,), sinon):
        return siege
    tenus = [a for a in utilisateur.perimetre.affectes if a.portee == Portee.GROUPE and a.cible == cible.pk]
    if niveau == Niveau.GROUPE and any(a.role in (Role.DIRECTEUR, Role.REFERENT) for a in tenus):
        return Droit(True, role=str(Role(tenus[0].role).label))
    return Droit(False, sinon)


def peut_tenir_le_modele(utilisateur: Utilisateur, grappe: Grappe) -> Droit:
    """Adapter la checklist d'une grappe et en publier une version : son chef de projet."""
    return peut_conduire(utilisateur, grappe)
