"""Fermer et rouvrir un compte : ses affectations et ce qu'il a décidé restent."""

import logging

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from programme.models import Utilisateur
from programme.permissions import peut_administrer
from programme.services.controles import exiger
from programme.socle.erreurs import Refus
from programme.socle.models import Jeton

journal = logging.getLogger("treille.comptes")


def _relire(compte: Utilisateur) -> Utilisateur:
    return Utilisateur.objects.select_for_update(of=("self",)).get(pk=compte.pk)


@transaction.atomic
def fermer_compte(*, compte: Utilisateur, par: Utilisateur) -> Utilisateur:
    """Ferme un compte : sessions coupées, jetons d'API révoqués, liens d'ouverture annulés. Lève `Refus`."""
    exiger(peut_administrer(par))
    if compte.pk == par.pk:
        raise Refus("etat", "On ne ferme pas son propre compte : demandez-le à un autre administrateur.")
    compte = _relire(compte)
    if not compte.is_active:
        raise Refus("etat", f"Le compte « {compte.identifiant} » est déjà fermé.")
    compte.is_active = False
    compte.save(update_fields=["is_active"])
    Jeton.objects.filter(utilisateur=compte, revoque_le=None).update(revoque_le=timezone.now())
    compte.invitations.filter(utilisee_le=None).delete()
    _couper_les_sessions(compte)
    journal.info("Compte %s fermé par le compte %s", compte.pk, par.pk)
    return compte


@transaction.atomic
def rouvrir_compte(*, compte: Utilisateur, par: Utilisateur) -> Utilisateur:
    """Rouvre un compte fermé, avec ses affectations en cours ; jetons et liens sont à refaire. Lève `Refus`."""
    exiger(peut_administrer(par))
    compte = _relire(compte)
    if compte.is_active:
        raise Refus("etat", f"Le compte « {compte.identifiant} » est déjà ouvert.")
    compte.is_active = True
    compte.save(update_fields=["is_active"])
    journal.info("Compte %s rouvert par le compte %s", compte.pk, par.pk)
    return compte


def _couper_les_sessions(compte: Utilisateur) -> None:
    """Efface ses sessions : un compte fermé n'en ouvre plus, mais elles revivraient s'il était rouvert."""
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(compte.pk):
            session.delete()
