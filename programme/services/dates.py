"""Réviser d'un coup la date dépassée de plusieurs ESMS."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone

from programme.models import Etape, Parcours, Utilisateur
from programme.services.parcours import reviser_dates
from programme.socle.erreurs import Refus


def depassees(parcours: Iterable[int], au: date) -> dict[int, Etape]:
    """Par parcours, sa plus ancienne étape prévue avant ce jour et pas atteinte ; la plus ancienne d'abord."""
    etapes = Etape.objects.filter(parcours__in=list(parcours)).en_retard(au)
    premieres: dict[int, Etape] = {}
    for etape in sorted(etapes, key=lambda e: (e.prevue or au, e.pk)):
        premieres.setdefault(etape.parcours_id, etape)
    return premieres


@transaction.atomic
def reviser_en_lot(*, revisions: Mapping[Etape, date], par: Utilisateur) -> list[Etape]:
    """Révise la date de ces étapes, toutes ou aucune. Les fautes (`Refus`) se rangent sous « date_<clé du parcours> ».

    Une date révisée se donne à venir : une date passée serait encore dépassée.
    """
    if not revisions:
        raise Refus("champ", "dates", champs={"": ["Donnez au moins une date."]})
    fautes: dict[str, list[str]] = {}
    changees: list[Etape] = []
    for etape, jour in revisions.items():
        try:
            changees += _reviser(etape.parcours, etape.etat, jour, par)
        except Refus as refus:
            if refus.code != "champ":
                raise
            fautes[f"date_{etape.parcours_id}"] = [phrase for phrases in refus.champs.values() for phrase in phrases]
    if fautes:
        raise Refus("champ", "dates à corriger", champs=fautes)
    return changees


def _reviser(parcours: Parcours, etat: str, jour: date, par: Utilisateur) -> list[Etape]:
    if jour < timezone.localdate():
        phrase = f"Le {jour:%d/%m/%Y} est déjà passé : donnez une date à venir."
        raise Refus("champ", phrase, champs={etat: [phrase]})
    return reviser_dates(parcours=parcours, dates={etat: jour}, par=par)
