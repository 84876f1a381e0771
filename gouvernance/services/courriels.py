"""Écrire aux membres d'une instance : le lien, jamais le contenu. Le courriel part après validation."""

import logging
from contextlib import suppress
from datetime import date
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse

from gouvernance.models import Instance, Mandat, Seance
from programme.models import Utilisateur

journal = logging.getLogger("treille.gouvernance")


def membres_joignables(instance: Instance, au: date) -> list[Utilisateur]:
    """Les comptes ouverts, titulaires et suppléants à cette date, dont l'adresse est connue. Une requête."""
    mandats = Mandat.objects.en_cours(au).filter(comite=instance).order_by()
    tenus = Q(pk__in=mandats.filter(utilisateur__isnull=False).values("utilisateur"))
    supplees = Q(pk__in=mandats.filter(suppleant__isnull=False).values("suppleant"))
    comptes = Utilisateur.objects.filter(tenus | supplees, is_active=True).exclude(courriel="")
    return list(comptes.order_by("nom", "pk"))


def ecrire(objet: str, gabarit: str, seance: Seance, comptes: list[Utilisateur], **contexte: Any) -> int:
    """Envoie un courriel à chacun, avec le lien de la séance ; rend combien sont partis.

    Sans adresse publique (`TREILLE_ADRESSE`), le lien ne mènerait nulle part : rien ne part. Un refus du serveur
    d'envoi est journalisé, jamais levé : ce qui est écrit en base l'est déjà.
    """
    if not settings.TREILLE_ADRESSE or not comptes:
        return 0
    lien = settings.TREILLE_ADRESSE + reverse("gouvernance:seance-detail", args=[seance.pk])
    # Un nom écrit sur deux lignes ferait un en-tête de plus : l'envoi le refuse, et rien ne partirait.
    objet, connexion, partis = " ".join(objet.split()), get_connection(), 0
    try:
        # Ouverte une fois : un serveur qui ne répond pas fait attendre une fois, et non une fois par membre.
        connexion.open()
    except (OSError, SMTPException):
        journal.warning("Serveur d'envoi injoignable : %s courriels non partis, séance %s", len(comptes), seance.pk)
        return 0
    for compte in comptes:
        texte = render_to_string(gabarit, {"compte": compte, "seance": seance, "lien": lien} | contexte).strip()
        message = EmailMessage(
            objet, texte, to=[compte.courriel], connection=connexion, headers={"Auto-Submitted": "auto-generated"}
        )
        try:
            partis += message.send()
        except (OSError, SMTPException, ValueError):
            # ValueError : une adresse qui n'en est pas une. Les suivants n'y sont pour rien.
            journal.warning("Courriel non parti pour le compte %s, séance %s", compte.pk, seance.pk)
            _fermer(connexion)
    _fermer(connexion)
    return partis


def _fermer(connexion: Any) -> None:
    """Coupée au milieu, elle ne servirait plus : la suivante se rouvre."""
    with suppress(OSError, SMTPException):
        connexion.close()
