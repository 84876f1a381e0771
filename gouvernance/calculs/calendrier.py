"""Des séances au format iCalendar (RFC 5545), qu'un agenda lit ou importe. Module pur : ni base, ni horloge.

Chaque séance garde son `UID` toute sa vie ; `SEQUENCE` monte quand elle bouge ou s'annule, et l'agenda la remplace.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vDuration

PRODUIT = "-//Treille//Seances//FR"
RYTHME = timedelta(hours=4)
"""Ce qu'on demande aux agendas : relire quatre fois par jour au moins. Chacun reste libre."""


@dataclass(frozen=True, slots=True)
class Rendezvous:
    """Une séance, telle qu'un agenda la montre. `version` : combien de fois elle a bougé ; `change_le` : la dernière.

    Rien de l'ordre du jour : l'agenda se lit sur un téléphone, par-dessus une épaule.
    """

    uid: str
    titre: str
    debut: datetime
    fin: datetime
    version: int
    change_le: datetime
    page: str
    lieu: str = ""
    annulee: bool = False
    description: str = ""


def en_ics(rendezvous: Sequence[Rendezvous], *, nom: str, fuseau: ZoneInfo) -> bytes:
    """Le fichier entier, heures dites dans `fuseau`. Deux appels sur les mêmes séances rendent les mêmes octets."""
    calendrier = Calendar()
    calendrier.add("prodid", PRODUIT)
    calendrier.add("version", "2.0")
    calendrier.add("calscale", "GREGORIAN")
    # NAME est la norme, X-WR-CALNAME ce que lisent les agendas d'avant elle ; de même pour le rythme.
    calendrier.add("name", nom)
    calendrier.add("x-wr-calname", nom)
    calendrier.add("x-wr-timezone", fuseau.key)
    calendrier.add("refresh-interval", vDuration(RYTHME), parameters={"VALUE": "DURATION"})
    calendrier.add("x-published-ttl", vDuration(RYTHME))
    if rendezvous:
        annees = [r.debut.astimezone(fuseau).year for r in rendezvous]
        calendrier.add_component(_fuseau(fuseau.key, min(annees), max(annees)))
    for un in rendezvous:
        calendrier.add_component(_evenement(un, fuseau))
    return calendrier.to_ical()


def _evenement(un: Rendezvous, fuseau: ZoneInfo) -> Event:
    evenement = Event()
    evenement.add("uid", un.uid)
    evenement.add("dtstamp", un.change_le)
    evenement.add("last-modified", un.change_le)
    evenement.add("dtstart", un.debut.astimezone(fuseau))
    evenement.add("dtend", un.fin.astimezone(fuseau))
    # Annuler est un changement de plus : un agenda ignore ce qui porte un numéro qu'il a déjà.
    evenement.add("sequence", un.version + (1 if un.annulee else 0))
    evenement.add("status", "CANCELLED" if un.annulee else "CONFIRMED")
    evenement.add("transp", "TRANSPARENT" if un.annulee else "OPAQUE")
    evenement.add("summary", f"Annulée : {un.titre}" if un.annulee else un.titre)
    if un.lieu:
        evenement.add("location", un.lieu)
    evenement.add("url", un.page)
    evenement.add("description", un.description or f"L'ordre du jour et la suite, avec votre compte : {un.page}")
    return evenement


@lru_cache(maxsize=32)
def _fuseau(cle: str, premiere: int, derniere: int) -> Timezone:
    """Les changements d'heure de ces années-là ; les calculer coûte plus que tout le reste du fichier."""
    return Timezone.from_tzinfo(ZoneInfo(cle), cle, date(premiere - 1, 1, 1), date(derniere + 1, 12, 31))
