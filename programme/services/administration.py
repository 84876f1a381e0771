"""Mise en service : le premier compte, que personne ne peut inviter."""

from django.db import transaction
from django.utils import timezone

from programme.enums import Portee, Role
from programme.models import Affectation, Utilisateur
from programme.services.controles import valider
from programme.services.invitations import emettre
from programme.socle.erreurs import Refus


@transaction.atomic
def creer_administrateur(*, identifiant: str, nom: str, courriel: str = "") -> str:
    """Crée un compte d'administrateur national et rend le jeton de son lien d'ouverture.

    Réservé à qui a la main sur la machine. Lève `Refus` si l'identifiant est pris ou mal écrit.
    """
    if Utilisateur.objects.filter(identifiant__iexact=identifiant).exists():
        raise Refus("champ", f"L'identifiant « {identifiant} » est pris : choisissez-en un autre.")
    utilisateur = Utilisateur(identifiant=identifiant, nom=nom, courriel=courriel)
    utilisateur.set_unusable_password()
    valider(utilisateur)
    utilisateur.save()
    Affectation.objects.create(
        utilisateur=utilisateur, role=Role.ADMIN, portee=Portee.NATIONAL, du=timezone.localdate()
    )
    return emettre(utilisateur=utilisateur, par=utilisateur)[1]
