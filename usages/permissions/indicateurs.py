"""Droits sur le catalogue, et sur les cibles qu'une instruction donne à tous."""

from programme.models import Grappe, Utilisateur
from programme.permissions import peut_administrer
from programme.socle.droits import Droit
from usages.permissions.communs import peut_conduire_les_chiffres


def peut_tenir_le_catalogue(utilisateur: Utilisateur) -> Droit:
    """Corriger le catalogue, y ajouter, en retirer : l'administrateur."""
    return peut_administrer(utilisateur)


def peut_fixer_les_cibles(utilisateur: Utilisateur, grappe: Grappe | None) -> Droit:
    """Celles d'une grappe : son chef de projet. Celles d'une version d'instruction (sans grappe) : l'administrateur."""
    return peut_administrer(utilisateur) if grappe is None else peut_conduire_les_chiffres(utilisateur, grappe)
