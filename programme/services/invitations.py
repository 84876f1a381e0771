"""Liens d'ouverture de compte : usage unique, deux semaines, gardés hachés."""

import hashlib
import logging
import secrets
from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPException

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from programme.models import Invitation, Utilisateur
from programme.socle.erreurs import Refus

DUREE = timedelta(days=14)
Adresse = Callable[[str], str]
"""Du jeton à l'adresse complète, que seule la requête connaît."""

FAUX = "Ce lien n'ouvre aucun compte : recopiez-le en entier depuis le courriel, ou demandez-en un autre."
SERVI = "Ce lien a déjà servi : connectez-vous avec le mot de passe choisi alors, ou faites-en envoyer un autre."
PERIME = "Ce lien ne vaut plus, il durait deux semaines : demandez-en un autre à la personne qui vous a invité."

journal = logging.getLogger("treille.invitations")


def hacher(jeton: str) -> str:
    """Empreinte gardée en base : le jeton lui-même n'y est jamais."""
    return hashlib.sha256(jeton.encode()).hexdigest()


def emettre(*, utilisateur: Utilisateur, par: Utilisateur, adresse: Adresse | None = None) -> tuple[Invitation, str]:
    """Fabrique un lien neuf (les précédents ne valent plus) et l'envoie si `adresse` est donnée.

    À appeler dans une transaction ; le courriel part après validation.
    """
    utilisateur.invitations.filter(utilisee_le__isnull=True).delete()
    jeton = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        empreinte=hacher(jeton), utilisateur=utilisateur, creee_par=par, expire_le=timezone.now() + DUREE
    )
    if adresse and utilisateur.courriel:
        lien = adresse(jeton)
        transaction.on_commit(lambda: _envoyer(invitation, lien))
    return invitation, jeton


def _envoyer(invitation: Invitation, lien: str) -> None:
    texte = render_to_string("mails/invitation.txt", {"invitation": invitation, "lien": lien})
    try:
        send_mail("Treille : ouvrez votre compte", texte, None, [invitation.utilisateur.courriel])
    except (OSError, SMTPException):
        # Le lien est aussi montré à l'écran : un serveur de courriel en panne ne défait pas l'invitation.
        journal.warning("Courriel d'invitation non parti pour le compte %s", invitation.utilisateur_id)


def lire_invitation(jeton: str) -> Invitation:
    """L'invitation que ce jeton ouvre ; lève `Refus("invitation")` avec la phrase à montrer."""
    invitation = Invitation.objects.select_related("utilisateur").filter(empreinte=hacher(jeton)).first()
    if invitation is None or not invitation.utilisateur.is_active:
        raise Refus("invitation", FAUX)
    if invitation.utilisee_le:
        raise Refus("invitation", SERVI)
    if invitation.expire_le < timezone.now():
        raise Refus("invitation", PERIME)
    return invitation


@transaction.atomic
def ouvrir_compte(*, jeton: str, mot_de_passe: str) -> Utilisateur:
    """Pose le mot de passe choisi et consomme le lien ; lève `Refus` (invitation, champ)."""
    invitation = lire_invitation(jeton)
    # Relu sous verrou : deux clics simultanés n'ouvrent qu'une fois.
    invitation = Invitation.objects.select_for_update(of=("self",)).select_related("utilisateur").get(pk=invitation.pk)
    if invitation.utilisee_le:
        raise Refus("invitation", SERVI)
    utilisateur = invitation.utilisateur
    try:
        validate_password(mot_de_passe, utilisateur)
    except ValidationError as fautes:
        raise Refus("champ", " ".join(fautes.messages), champs={"new_password2": fautes.messages}) from fautes
    utilisateur.set_password(mot_de_passe)
    utilisateur.save(update_fields=["password"])
    invitation.utilisee_le = timezone.now()
    invitation.save(update_fields=["utilisee_le"])
    return utilisateur
