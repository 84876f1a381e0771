"""Droits sur la preuve d'usage."""

from typing import Any

from programme.models import Utilisateur
from programme.socle.droits import Droit, inscrire
from usages.permissions.communs import peut_conduire_les_chiffres


@inscrire("usages.preuveusage", "signer", "annuler")
def peut_tenir_la_preuve(utilisateur: Utilisateur, objet: Any) -> Droit:
    """Préparer, signer, annuler : le chef de projet."""
    return peut_conduire_les_chiffres(utilisateur, objet)
