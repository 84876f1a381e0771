"""Régler ses rappels par courriel, et ce qu'en montre sa page."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from programme.calculs.cadence import prochain
from programme.enums import FrequenceRappel, IssueRappel
from programme.models import PreferenceRappel, Rappel, Utilisateur
from programme.socle.dates import date_courte
from programme.socle.erreurs import Refus

SUSPENSION = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Reglages:
    """La page d'une personne : son réglage, son prochain jour, son dernier courriel, et ce qui empêche d'écrire."""

    preference: PreferenceRappel
    prochain: date | None
    dernier: Rappel | None
    empechement: str

    @property
    def est_coupe(self) -> bool:
        """Vrai si la personne ne veut plus rien recevoir."""
        return self.preference.frequence == FrequenceRappel.JAMAIS


def preference_de(utilisateur: Utilisateur) -> PreferenceRappel:
    """Son réglage ; s'il n'a rien choisi, celui de tous, pas encore écrit."""
    connue = PreferenceRappel.objects.visibles_par(utilisateur).first()
    defaut = timezone.localdate(utilisateur.cree_le)
    return connue or PreferenceRappel(utilisateur=utilisateur, depuis=defaut)


def reglages_de(utilisateur: Utilisateur, au: date) -> Reglages:
    """Tout ce que dit sa page, sans le contenu du prochain rappel."""
    preference = preference_de(utilisateur)
    siens = Rappel.objects.visibles_par(utilisateur)
    servie = siens.servis().values_list("creneau", flat=True).first()
    empechement = _empechement(utilisateur)
    return Reglages(
        preference=preference,
        prochain=None if empechement else prochain(preference.cadence, au, servie=servie),
        dernier=siens.filter(issue=IssueRappel.ENVOYE).first(),
        empechement=empechement,
    )


def _empechement(utilisateur: Utilisateur) -> str:
    if not utilisateur.courriel:
        return "Votre compte n’a pas d’adresse de courriel : demandez à l’administrateur de l’ajouter."
    if not utilisateur.perimetre.affectes:
        return "Vous ne tenez aucun rôle en ce moment : rien ne vous attend, rien ne vous est envoyé."
    return ""


@transaction.atomic
def regler(*, par: Utilisateur, frequence: str, jour: int, muet_jusqu_au: date | None) -> PreferenceRappel:
    """Écrit ce que la personne veut recevoir ; vaut dès aujourd'hui. Lève `Refus` (champ) d'une suspension passée."""
    au = timezone.localdate()
    if muet_jusqu_au and muet_jusqu_au < au:
        _refuser("Ce jour est passé : donnez un jour à venir, ou laissez vide pour ne pas suspendre.")
    if muet_jusqu_au and muet_jusqu_au > au + SUSPENSION:
        _refuser(f"Un an au plus, donc jusqu’au {date_courte(au + SUSPENSION)} ; au-delà, choisissez « Jamais ».")
    preference = _sous_verrou(par)
    if preference.frequence != frequence and frequence == FrequenceRappel.JAMAIS:
        preference.frequence_avant = preference.frequence
    preference.frequence, preference.jour, preference.muet_jusqu_au = frequence, jour, muet_jusqu_au
    return _valoir(preference, au)


@transaction.atomic
def couper(*, par: Utilisateur) -> PreferenceRappel:
    """Plus aucun rappel ; la fréquence d'avant est gardée, pour pouvoir annuler."""
    preference = _sous_verrou(par)
    if preference.frequence != FrequenceRappel.JAMAIS:
        preference.frequence_avant = preference.frequence
    preference.frequence = FrequenceRappel.JAMAIS
    return _valoir(preference, timezone.localdate())


@transaction.atomic
def retablir(*, par: Utilisateur) -> PreferenceRappel:
    """Les rappels reprennent comme avant d'être coupés, et ne sont plus suspendus."""
    preference = _sous_verrou(par)
    if preference.frequence == FrequenceRappel.JAMAIS:
        avant = preference.frequence_avant
        preference.frequence = avant if avant != FrequenceRappel.JAMAIS else FrequenceRappel.SEMAINE
    preference.muet_jusqu_au = None
    return _valoir(preference, timezone.localdate())


def _refuser(phrase: str) -> None:
    raise Refus("champ", phrase, champs={"muet_jusqu_au": [phrase]})


def _sous_verrou(utilisateur: Utilisateur) -> PreferenceRappel:
    defaut: Any = {"depuis": timezone.localdate(utilisateur.cree_le)}
    PreferenceRappel.objects.get_or_create(utilisateur=utilisateur, defaults=defaut)
    return PreferenceRappel.objects.select_for_update().get(utilisateur=utilisateur)


def _valoir(preference: PreferenceRappel, au: date) -> PreferenceRappel:
    # Un jour déjà passé cette semaine ne se rattrape pas : le réglage vaut à partir d'aujourd'hui.
    preference.depuis = au
    preference.save()
    return preference
