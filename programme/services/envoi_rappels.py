"""Envoyer les rappels : compte par compte, composés au moment de l'envoi, au plus un par semaine.

On réserve la semaine du compte, on envoie, on marque. Un refus net du serveur d'envoi se reprend au tour suivant ; un
silence ne se reprend pas, car le courriel est peut-être parti (décision 0029).
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from programme.calculs.cadence import Cadence, jour_du, lundi
from programme.enums import IssueRappel
from programme.models import Rappel, Utilisateur
from programme.services.contenu_rappel import Contenu, composer
from programme.socle.a_faire import a_faire
from programme.socle.dates import date_courte
from programme.socle.nombres import accorde, liste

journal = logging.getLogger("treille.rappels")

GARDE = timedelta(days=400)
MONTRES = 10
SANS_ADRESSE = (
    "TREILLE_ADRESSE est vide : les liens des rappels ne mèneraient nulle part, aucun n'est parti. Donnez l'adresse "
    "publique de Treille, par exemple https://treille.exemple.invalid."
)
INJOIGNABLE = "Le serveur d'envoi de courriels ne répond pas ({}). Ce qui n'est pas parti sera repris au prochain tour."

Avancer = Callable[[int, int], None]


class EnvoiImpossible(Exception):
    """Le tour ne peut pas se faire, ou pas finir ; `args[0]` est la phrase à montrer."""


@dataclass
class Bilan:
    """Ce qu'a donné un tour. `refuses` (identifiants) et `non_composes` sont à reprendre, `incertains` jamais."""

    au: date
    envoyes: int = 0
    rien: int = 0
    muets: int = 0
    incertains: int = 0
    refuses: list[str] = field(default_factory=list)
    non_composes: int = 0
    a_blanc: list[tuple[str, int]] = field(default_factory=list)

    @property
    def echecs(self) -> int:
        """Ce que le prochain tour reprendra."""
        return len(self.refuses) + self.non_composes

    def decompte(self) -> str:
        """En mots, sans rien de ce que disent les rappels."""
        parties = [
            accorde(self.envoyes, "rappel envoyé,rappels envoyés"),
            accorde(self.rien, "compte sans rien à dire,comptes sans rien à dire"),
            accorde(self.muets, "muet"),
            accorde(self.echecs, "échec"),
        ]
        return " ".join([f"{date_courte(self.au)} : {', '.join(parties)}.", *self._suites()])

    def _suites(self) -> Iterator[str]:
        if self.refuses:
            noms = [*self.refuses[:MONTRES], *(["d'autres"] if len(self.refuses) > MONTRES else [])]
            yield f"Adresse refusée, à vérifier ; repris au prochain tour : {liste(noms)}."
        if self.non_composes:
            rappels = accorde(self.non_composes, "rappel non composé,rappels non composés")
            yield f"{rappels} : le journal du service dit pourquoi."
        if self.incertains:
            rappels = accorde(self.incertains, "rappel peut-être parti,rappels peut-être partis")
            yield f"Sans réponse du serveur d'envoi, donc jamais repris : {rappels}."

    def resultat(self) -> dict[str, Any]:
        """Forme gardée avec le travail."""
        comptes = {"envoyes": self.envoyes, "rien": self.rien, "muets": self.muets, "incertains": self.incertains}
        return comptes | {"echecs": self.echecs, "decompte": self.decompte()}


@dataclass(frozen=True, slots=True)
class _Tour:
    au: date
    racine: str
    connexion: Any
    bilan: Bilan


# --- qui -----------------------------------------------------------------------------------------------------------


def a_servir(au: date) -> tuple[list[int], int]:
    """Clés des comptes à qui un rappel est dû et n'a pas été traité, et combien sont muets ; une requête."""
    servis = Rappel.objects.servis().filter(utilisateur=OuterRef("pk"), creneau=lundi(au))
    reglage = [f"preference_rappel__{nom}" for nom in ("frequence", "jour", "muet_jusqu_au", "depuis")]
    lignes = Utilisateur.objects.a_rappeler(au).exclude(Exists(servis)).order_by("pk")
    dus, muets = [], 0
    for cle, cree_le, frequence, jour, muet, depuis in lignes.values_list("pk", "cree_le", *reglage).iterator():
        cadence = Cadence(frequence, jour, muet, depuis) if frequence else Cadence(depuis=timezone.localdate(cree_le))
        if cadence.est_muette(au):
            muets += 1
        elif jour_du(cadence, au):
            dus.append(cle)
    return dus, muets


# --- quoi ----------------------------------------------------------------------------------------------------------


def courriel(compte: Utilisateur, contenu: Contenu, racine: str) -> EmailMultiAlternatives:
    """Le message, en texte et en HTML ; `racine` : l'adresse publique de Treille, sans barre finale."""
    reglages = racine + reverse("programme:rappel-regler")
    contexte = {"compte": compte, "contenu": contenu, "racine": racine, "reglages": reglages}
    message = EmailMultiAlternatives(
        contenu.objet,
        render_to_string("mails/rappel.txt", contexte).strip(),
        to=[compte.courriel],
        headers={"List-Unsubscribe": f"<{reglages}>", "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string("mails/rappel.html", contexte).strip(), "text/html")
    return message


# --- le tour -------------------------------------------------------------------------------------------------------


def envoyer(*, au: date, a_blanc: bool = False, avancer: Avancer | None = None) -> Bilan:
    """Un tour d'envoi ; le refaire n'envoie rien de plus. À blanc : ni écrit, ni envoyé. Lève `EnvoiImpossible`."""
    if not settings.TREILLE_ADRESSE:
        raise EnvoiImpossible(SANS_ADRESSE)
    cles, muets = a_servir(au)
    tour = _Tour(au, settings.TREILLE_ADRESSE, None if a_blanc else get_connection(), Bilan(au, muets=muets))
    if cles and not a_blanc:
        _ouvrir(tour)
    servir = _essayer if a_blanc else _servir
    try:
        for rang, cle in enumerate(cles, 1):
            servir(cle, tour)
            if avancer:
                avancer(rang, len(cles))
    finally:
        _fermer(tour)
    return tour.bilan


def _servir(cle: int, tour: _Tour) -> None:
    rappel = _reserver(cle, lundi(tour.au))
    if rappel is None:
        return
    try:
        compte, contenu = _lire(cle, tour.au)
        message = courriel(compte, contenu, tour.racine) if compte and contenu else None
    except Exception:
        # Une déclaration fautive n'empêche pas les autres comptes de recevoir leur rappel.
        journal.exception("rappel du compte %s : non composé", cle)
        _marquer(rappel, IssueRappel.ECHEC)
        tour.bilan.non_composes += 1
        return
    if message is None or contenu is None or compte is None:
        _marquer(rappel, IssueRappel.RIEN)
        tour.bilan.rien += 1
        return
    rappel.nb_lignes = contenu.nombre
    _poster(message, rappel, compte, tour)


def _lire(cle: int, au: date) -> tuple[Utilisateur | None, Contenu | None]:
    """Le compte relu à l'instant, et ce qui l'attend ; rien s'il est parti ou s'est tu depuis le début du tour."""
    compte = Utilisateur.objects.a_rappeler(au).select_related("preference_rappel").filter(pk=cle).first()
    if compte is None or not jour_du(compte.cadence, au):
        return None, None
    return compte, composer(a_faire(compte, au), au)


def _essayer(cle: int, tour: _Tour) -> None:
    """À blanc : compose, compte, n'écrit rien."""
    compte, contenu = _lire(cle, tour.au)
    if compte and contenu:
        tour.bilan.a_blanc.append((compte.identifiant, contenu.nombre))
    else:
        tour.bilan.rien += 1


def _poster(message: EmailMultiAlternatives, rappel: Rappel, compte: Utilisateur, tour: _Tour) -> None:
    message.connection = tour.connexion
    try:
        message.send()
    except (SMTPRecipientsRefused, SMTPResponseException, ValueError) as refus:
        # Le serveur a dit non, ou l'adresse n'en est pas une : rien n'est parti, on réessaiera.
        journal.warning("rappel du compte %s refusé : %s", compte.pk, type(refus).__name__)
        _marquer(rappel, IssueRappel.ECHEC)
        tour.bilan.refuses.append(compte.identifiant)
    except (OSError, SMTPException) as silence:
        # Coupé au milieu : peut-être parti. La semaine reste réservée ; mieux vaut un rappel perdu que deux reçus.
        journal.warning("rappel du compte %s sans réponse : %s", compte.pk, type(silence).__name__)
        tour.bilan.incertains += 1
        _fermer(tour)
        _ouvrir(tour)
    else:
        _marquer(rappel, IssueRappel.ENVOYE)
        tour.bilan.envoyes += 1


def _reserver(cle: int, creneau: date) -> Rappel | None:
    """La semaine de ce compte, pour nous seuls ; None si un autre l'a, ou si elle est déjà traitée."""
    with suppress(IntegrityError), transaction.atomic():
        return Rappel.objects.create(utilisateur_id=cle, creneau=creneau)
    with transaction.atomic():
        manques = Rappel.objects.select_for_update().filter(utilisateur=cle, creneau=creneau, issue=IssueRappel.ECHEC)
        rappel = manques.first()
        if rappel:
            _marquer(rappel, IssueRappel.RESERVE)
    return rappel


def _marquer(rappel: Rappel, issue: IssueRappel) -> None:
    rappel.issue = issue
    rappel.envoye_le = timezone.now() if issue == IssueRappel.ENVOYE else None
    rappel.save(update_fields=["issue", "envoye_le", "nb_lignes"])


def _ouvrir(tour: _Tour) -> None:
    try:
        tour.connexion.open()
    except (OSError, SMTPException) as panne:
        journal.warning("serveur d'envoi injoignable : %s", panne)
        parti = f" {tour.bilan.decompte()}" if tour.bilan.envoyes else ""
        raise EnvoiImpossible(INJOIGNABLE.format(type(panne).__name__) + parti) from panne


def _fermer(tour: _Tour) -> None:
    if tour.connexion:
        with suppress(OSError, SMTPException):
            tour.connexion.close()


# --- l'échéancier --------------------------------------------------------------------------------------------------

HEURES = (7, 11)
"""Heures des tours, à Paris : le second reprend ce que le premier n'a pas pu envoyer."""


def echeance(maintenant: datetime) -> str | None:
    """Le tour dû à cet instant : les jours ouvrés, à partir de 7 h puis de 11 h, heure de Paris."""
    ici = timezone.localtime(maintenant)
    passees = [heure for heure in HEURES if ici.hour >= heure]
    if not passees or ici.isoweekday() > 5:
        return None
    return f"{ici.date().isoformat()}-{passees[-1]}"


def oublier(maintenant: datetime) -> int:
    """Efface les traces d'envoi de plus de treize mois ; rend combien."""
    return Rappel.objects.filter(creneau__lt=timezone.localdate(maintenant) - GARDE).delete()[0]
