"""Droits sur la preuve d'usage."""

from typing import Any

from programme.models import Utilisateur
from programme.socle.droits import Droit, inscrire
from programme.socle.pieces import lecture_de
from usages.models import PreuveUsage
from usages.permissions.communs import peut_conduire_les_chiffres


@inscrire("usages.preuveusage", "signer", "annuler")
def peut_tenir_la_preuve(utilisateur: Utilisateur, objet: Any) -> Droit:
    """Préparer, signer, annuler : le chef de projet."""
    return peut_conduire_les_chiffres(utilisateur, objet)


@lecture_de("usages.preuveusage")
def peut_lire_la_piece(utilisateur: Utilisateur, preuve: PreuveUsage, piece: Any) -> bool:
    """Une pièce de la preuve : qui lit la preuve."""
    return PreuveUsage.objects.visibles_par(utilisateur).filter(pk=preuve.pk).exists()
