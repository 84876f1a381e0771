"""Droits sur les sessions de formation."""

from formation.models import SessionFormation
from formation.permissions.communs import peut_saisir_formation
from programme.models import Grappe, Parcours, Utilisateur
from programme.socle.droits import Droit, inscrire


@inscrire("formation.sessionformation", "ouvrir", "tenir", "evaluer", "annuler", "replanifier", "revenir")
def peut_organiser(utilisateur: Utilisateur, objet: SessionFormation | Parcours | Grappe) -> Droit:
    """Planifier, ouvrir, tenir, évaluer : le chef de projet pour sa grappe, qui saisit pour un ESMS pour la sienne."""
    return peut_saisir_formation(utilisateur, objet)
