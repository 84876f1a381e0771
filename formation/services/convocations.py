"""Convoquer, et dire qu'une session est annulée : à la personne si l'on a son courriel, sinon à qui suit son ESMS.

Un seul courriel par destinataire, avec ses gens seulement. Il part après validation, le rendez-vous joint.
"""

import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from smtplib import SMTPException
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from formation.enums import EtatSession, StatutInscription
from formation.models import Inscription, SessionFormation
from formation.permissions import peut_organiser
from gouvernance.calculs.calendrier import Rendezvous, en_ics
from programme.enums import Role
from programme.models import Affectation, Utilisateur
from programme.services.controles import exiger
from programme.socle.erreurs import Refus
from programme.socle.models import Passage

journal = logging.getLogger("treille.formation")

GENRE_ICS = "text/calendar; charset=utf-8"
NOM_ICS = "session-{}.ics"
SANS_ENVOI = (
    "Treille n'a pas d'adresse publique réglée ici, et n'envoie aucun courriel : imprimez la feuille d'émargement, ou "
    "demandez à l'administrateur."
)
PAS_A_VENIR = "On ne convoque qu'à une session ouverte aux inscriptions, et pas encore commencée."
PERSONNE = "Tous les inscrits sont déjà convoqués : cochez « renvoyer à tous » pour le faire à nouveau."
AUCUNE = "Personne n'a encore de place à cette session : inscrivez d'abord."


@dataclass
class Pli:
    """Un courriel à écrire : à qui, pour qui ; `en_propre` : le destinataire est la personne même."""

    adresse: str
    en_propre: bool
    inscriptions: list[Inscription] = field(default_factory=list)


@dataclass
class Convoquees:
    """Combien de personnes, par combien de courriels ; `sans_adresse` : qu'il faudra prévenir autrement."""

    personnes: int = 0
    courriels: int = 0
    sans_adresse: list[Inscription] = field(default_factory=list)


@transaction.atomic
def convoquer(*, session: SessionFormation, par: Utilisateur, encore: bool = False) -> Convoquees:
    """Convoque qui a une place et ne l'est pas encore ; `encore` : tout le monde, une fois de plus. Lève `Refus`."""
    exiger(peut_organiser(par, session))
    if not settings.TREILLE_ADRESSE:
        raise Refus("etat", SANS_ENVOI)
    relue = SessionFormation.objects.select_for_update(of=("self",)).get(pk=session.pk)
    if relue.etat != EtatSession.OUVERTE or relue.debut <= timezone.now():
        raise Refus("etat", PAS_A_VENIR)
    places = list(relue.inscriptions.inscrites().pour_lecture().order_by("professionnel__tri", "pk"))
    a_convoquer = places if encore else [i for i in places if i.convoquee_le is None]
    if not a_convoquer:
        raise Refus("conditions", PERSONNE if places else AUCUNE)
    plis, sans_adresse = ranger(a_convoquer)
    atteintes = [i for pli in plis for i in pli.inscriptions]
    Inscription.objects.filter(pk__in=[i.pk for i in atteintes]).update(convoquee_le=timezone.now())
    transaction.on_commit(lambda: _envoyer_les_convocations(relue, plis))
    return Convoquees(len(atteintes), len(plis), sans_adresse)


def _envoyer_les_convocations(session: SessionFormation, plis: list[Pli]) -> None:
    """Qui n'a pas pu être joint redevient à convoquer : la page le dira."""
    rates = envoyer(session, plis, f"Formation : {session.module}, convocation", "mails/session_convocation.txt")
    perdues = [i.pk for pli in rates for i in pli.inscriptions]
    if perdues:
        Inscription.objects.filter(pk__in=perdues).update(convoquee_le=None)


def dire_l_annulation(session: SessionFormation, *, passage: Passage) -> None:
    """Les personnes convoquées apprennent que la session ne se tiendra pas ; rejouée à une date passée, personne."""
    if session.debut < timezone.now() or passage.date_effet != timezone.localdate() or not settings.TREILLE_ADRESSE:
        return
    suivies = session.inscriptions.exclude(statut=StatutInscription.DESISTE).filter(convoquee_le__isnull=False)
    plis, _ = ranger(suivies.pour_lecture().order_by("professionnel__tri", "pk"))
    objet, gabarit = f"Formation annulée : {session.module}", "mails/session_annulee.txt"
    transaction.on_commit(lambda: envoyer(session, plis, objet, gabarit))


# --- à qui ---------------------------------------------------------------------------------------------------------


def ranger(inscriptions: Iterable[Inscription]) -> tuple[list[Pli], list[Inscription]]:
    """Un pli par adresse, et ceux que l'on ne sait pas joindre. Trois requêtes."""
    lues = list(inscriptions)
    relais = _relais({i.poste.parcours.esms_id for i in lues if not i.professionnel.courriel})
    plis: dict[tuple[str, bool], Pli] = {}
    sans_adresse = []
    for inscription in lues:
        propre = inscription.professionnel.courriel
        adresses = [propre] if propre else relais.get(inscription.poste.parcours.esms_id, [])
        if not adresses:
            sans_adresse.append(inscription)
        for adresse in adresses:
            cle = (adresse.lower(), bool(propre))
            plis.setdefault(cle, Pli(adresse, bool(propre))).inscriptions.append(inscription)
    return list(plis.values()), sans_adresse


def _relais(esms: set[int]) -> dict[int, list[str]]:
    """Par ESMS : le courriel de ses référents locaux, à défaut de sa direction."""
    if not esms:
        return {}
    tenues = Affectation.objects.en_cours(timezone.localdate()).filter(
        role__in=(Role.REFERENT, Role.DIRECTEUR), utilisateur__is_active=True
    )
    lues = tenues.exclude(utilisateur__courriel="").select_related("utilisateur").par_esms(esms)
    rendus = {}
    for cle, affectations in lues.items():
        for role in (Role.REFERENT, Role.DIRECTEUR):
            adresses = [a.utilisateur.courriel for a in affectations if a.role == role]
            if adresses:
                rendus[cle] = list(dict.fromkeys(adresses))
                break
    return rendus


# --- l'envoi -------------------------------------------------------------------------------------------------------


def envoyer(session: SessionFormation, plis: list[Pli], objet: str, gabarit: str) -> list[Pli]:
    """Envoie chaque pli, le rendez-vous joint ; rend ceux qui ne sont pas partis. Ne lève jamais."""
    if not plis:
        return []
    # Un nom écrit sur deux lignes ferait un en-tête de plus : l'envoi le refuse, et rien ne partirait.
    objet, connexion, rates = " ".join(objet.split()), get_connection(), []
    try:
        connexion.open()
    except (OSError, SMTPException):
        journal.warning("Serveur d'envoi injoignable : %s courriels non partis, session %s", len(plis), session.pk)
        return plis
    rendezvous, nom = fichier_ics(session), NOM_ICS.format(session.pk)
    lien = settings.TREILLE_ADRESSE + reverse("formation:sessionformation-detail", args=[session.pk])
    for pli in plis:
        texte = render_to_string(gabarit, {"pli": pli, "session": session, "lien": lien}).strip()
        message = EmailMessage(
            objet, texte, to=[pli.adresse], connection=connexion, headers={"Auto-Submitted": "auto-generated"}
        )
        message.attach(nom, rendezvous, "text/calendar")
        try:
            message.send()
        except (OSError, SMTPException, ValueError):
            # ValueError : une adresse qui n'en est pas une. Les suivants n'y sont pour rien.
            journal.warning("Courriel non parti, session %s", session.pk)
            rates.append(pli)
            _fermer(connexion)
    _fermer(connexion)
    return rates


def _fermer(connexion: Any) -> None:
    with suppress(OSError, SMTPException):
        connexion.close()


def fichier_ics(session: SessionFormation) -> bytes:
    """La session, à ajouter à un agenda : ni nom, ni nombre."""
    ecrites = list(SessionFormation.history.filter(id=session.pk).order_by("-history_id").values_list("history_date"))
    page = settings.TREILLE_ADRESSE + reverse("formation:sessionformation-detail", args=[session.pk])
    titre = " ".join(f"Formation : {session.module}".split())
    rendezvous = Rendezvous(
        uid=f"session-{session.pk}-{session.creee_le:%Y%m%dT%H%M%S}@treille",
        titre=titre,
        debut=session.debut,
        fin=session.fin,
        version=max(len(ecrites) - 1, 0),
        change_le=ecrites[0][0] if ecrites else session.creee_le,
        page=page,
        lieu=" ".join(session.lieu.split()),
        annulee=session.etat == EtatSession.ANNULEE,
        description=" ".join(session.note.split()) or "Une question : voyez le référent local de votre établissement.",
    )
    return en_ics([rendezvous], nom=titre, fuseau=ZoneInfo(timezone.get_default_timezone_name()))
