"""Prévenir l'auteur d'un retour quand on y a répondu, par le moyen qu'il a choisi, et seulement celui-là.

Avec un compte, l'accueil le lui dit. Par courriel, on le lui écrit une fois, puis son adresse s'efface. Par un code, il
vient voir. Ceux que ce retour porte l'apprennent aussi. Le courriel part après validation, au plus une fois (0029) :
l'adresse s'efface d'abord, dans un geste qui réserve l'envoi ; un programme qui tombe entre les deux perd un courriel,
il n'en envoie pas deux.
"""

import logging
from contextlib import suppress
from smtplib import SMTPException
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from programme.models import Utilisateur
from programme.socle.erreurs import Refus
from programme.socle.models import Passage
from programme.socle.porte import etat_change
from usages.enums import CanalRetour, EtatRetour
from usages.models import Retour
from usages.models.retours import REPONDUS, RetourQuerySet, semaine_de
from usages.services.retours.liens import adresse_de
from usages.services.retours.reponses import raison_de

journal = logging.getLogger("treille.retours")

OBJET = "Treille : une réponse à votre retour"
GABARIT = "mails/reponse_retour.txt"
PAS_A_VOUS = "Cette réponse n'est pas à vous : seul l'auteur du retour peut la dire lue."


def a_sa_reponse() -> Q:
    """On y a répondu, ou à celui qui le porte : d'une autre équipe, rien ne s'en lit la semaine où il est reçu."""
    porteur = Q(porte_par__etat__in=REPONDUS, porte_par__recu_le__lt=semaine_de(timezone.localdate()))
    return Q(etat__in=REPONDUS) | porteur


def brancher() -> None:
    """Écoute les passages des retours, une fois validés ; à appeler une fois, au démarrage."""
    etat_change.connect(_suivre, sender=Retour, dispatch_uid="usages.prevenir_de_la_reponse")


def _suivre(passage: Passage, **_: Any) -> None:
    # Regroupé sous un retour déjà répondu, il a sa réponse aussi.
    if passage.vers in (*REPONDUS, EtatRetour.REGROUPE):
        envoyer(Retour.objects.filter(Q(pk=passage.objet_id) | Q(porte_par=passage.objet_id)))


# --- par courriel --------------------------------------------------------------------------------------------------


def envoyer(retours: RetourQuerySet | None = None) -> int:
    """Écrit à qui attend un courriel, parmi ces retours ou tous ; rend combien sont partis. Ne lève jamais.

    Un serveur injoignable n'efface aucune adresse : le travail du jour réessaie.
    """
    voulus = Retour.objects.all() if retours is None else retours
    dus = list(
        voulus.filter(a_sa_reponse(), canal=CanalRetour.COURRIEL)
        .exclude(courriel="")
        .select_related("porte_par", "lien")
        .order_by("pk")
    )
    if not dus:
        return 0
    connexion = get_connection()
    try:
        connexion.open()
    except (OSError, SMTPException):
        journal.warning("Serveur d'envoi injoignable : %s réponses à des retours non parties", len(dus))
        return 0
    partis = sum(_ecrire(retour, connexion) for retour in dus)
    _fermer(connexion)
    return partis


def _ecrire(retour: Retour, connexion: Any) -> int:
    """Réserve l'envoi en effaçant l'adresse, puis écrit. Une faute se journalise sans dire à qui."""
    adresse = retour.courriel
    if not Retour.objects.filter(pk=retour.pk, courriel=adresse).update(courriel=""):
        return 0
    repondu = retour.porte_par or retour
    ouvert = retour.lien is not None and retour.lien.est_ouvert(timezone.localdate())
    lien = adresse_de(retour.lien) if ouvert and retour.lien else ""
    contexte = {
        "titre": repondu.titre,
        "reponse": raison_de(repondu),
        "retenu": repondu.etat == EtatRetour.PUBLIE,
        "lien": lien if lien.startswith("http") else "",
    }
    message = EmailMessage(
        OBJET,
        render_to_string(GABARIT, contexte).strip(),
        to=[adresse],
        connection=connexion,
        headers={"Auto-Submitted": "auto-generated"},
    )
    try:
        return message.send()
    except (OSError, SMTPException, ValueError):
        # ValueError : une adresse qui n'en est pas une. Les suivants n'y sont pour rien.
        journal.warning("Réponse non partie, retour %s", retour.pk)
        _fermer(connexion)
        return 0


def _fermer(connexion: Any) -> None:
    """Coupée au milieu, elle ne servirait plus : la suivante se rouvre."""
    with suppress(OSError, SMTPException):
        connexion.close()


# --- dans Treille --------------------------------------------------------------------------------------------------


def a_lire(utilisateur: Utilisateur) -> RetourQuerySet:
    """Ses retours auxquels on a répondu, et dont il n'a pas dit avoir lu la réponse."""
    siens = Retour.objects.filter(a_sa_reponse(), auteur=utilisateur, canal=CanalRetour.COMPTE, lue_le__isnull=True)
    return siens.select_related("porte_par")


def dire_lue(*, retour: Retour, par: Utilisateur) -> None:
    """Son auteur a lu la réponse : l'accueil ne la lui montre plus. Lève `Refus` si ce n'est pas son retour."""
    if retour.auteur_id is None or retour.auteur_id != par.pk:
        raise Refus("droit", PAS_A_VOUS)
    Retour.objects.filter(pk=retour.pk, lue_le__isnull=True).update(lue_le=timezone.localdate())
