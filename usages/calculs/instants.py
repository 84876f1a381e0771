"""Un instant tel que l'éditeur l'écrit : le jour, puis l'heure, chacun dans l'une de plusieurs formes. Module pur.

Un même fichier peut en mêler. On lit des morceaux de texte, pas des lignes : cinq millions de lignes n'ont que quelques
centaines de jours et quelques dizaines de milliers d'heures différents. Heures de Paris, sauf décalage écrit.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from usages.enums import TrancheDuJour

PREMIERE_ANNEE, DERNIERE_ANNEE = 2000, 2099
_JOURS = (
    re.compile(r"(?P<a>\d{4})([-/.])(?P<m>\d{1,2})\2(?P<j>\d{1,2})"),
    re.compile(r"(?P<j>\d{1,2})([-/.])(?P<m>\d{1,2})\2(?P<a>\d{4}|\d{2})"),
    re.compile(r"(?P<a>\d{4})(?P<m>\d{2})(?P<j>\d{2})"),
)
_HEURE = re.compile(
    r"(?:\s+|[Tt]|\s*(?:à|,)\s*)(?P<h>\d{1,2})(?:[:h](?P<m>\d{2})(?:[:m](?P<s>\d{2})(?:[.,]\d+)?)?)s?"
    r"\s*(?P<zone>[Zz]|[+-]\d{2}:?\d{2})?\s*"
)
LARGEURS = (10, 8, 9, 7, 6)
"""Ce que peut mesurer un jour écrit, du plus courant au plus rare : « 30/11/2026 », « 20261130 », « 1/11/2026 »…"""

MINUTES_PAR_JOUR = 24 * 60
SANS_HEURE, SANS_DECALAGE = -1, 9999
SAUT = range(120, 180)
"""De 2 h à 3 h, le dernier dimanche de mars : ces minutes n'existent pas ; en octobre, elles passent deux fois."""


@dataclass(frozen=True, slots=True)
class Heure:
    """Minutes depuis minuit (`SANS_HEURE` si rien n'est écrit), et décalage en minutes (`SANS_DECALAGE` : de Paris)."""

    minutes: int = SANS_HEURE
    decalage: int = SANS_DECALAGE


def lire_jour(texte: str) -> date | None:
    """Le jour, ou None si ce n'en est pas un. Le jour vient avant le mois, comme en France, ou l'année en tête."""
    for forme in _JOURS:
        if lu := forme.fullmatch(texte):
            an = int(lu["a"]) + (2000 if len(lu["a"]) == 2 else 0)
            if not PREMIERE_ANNEE <= an <= DERNIERE_ANNEE:
                return None
            try:
                return date(an, int(lu["m"]), int(lu["j"]))
            except ValueError:
                return None
    return None


def lire_heure(texte: str) -> Heure | None:
    """L'heure qui suit le jour, ou None si ce n'en est pas une ; rien d'écrit est une heure inconnue."""
    if not texte.strip():
        return Heure()
    lu = _HEURE.fullmatch(texte)
    if lu is None:
        return None
    heure, minute, seconde = int(lu["h"]), int(lu["m"]), int(lu["s"] or 0)
    if heure > 23 or minute > 59 or seconde > 60:
        return None
    return _une_heure(heure * 60 + minute, _decalage(lu["zone"]))


@cache
def _une_heure(minutes: int, decalage: int) -> Heure:
    """Une seule pour toutes les secondes d'une minute : un journal en porte soixante fois plus que de minutes."""
    return Heure(minutes, decalage)


def _decalage(zone: str | None) -> int:
    if zone is None:
        return SANS_DECALAGE
    if zone in "Zz":
        return 0
    chiffres = zone[1:].replace(":", "")
    minutes = int(chiffres[:2]) * 60 + int(chiffres[2:])
    return -minutes if zone[0] == "-" else minutes


@cache
def dernier_dimanche(an: int, mois: int) -> date:
    """Le jour où l'heure change : dernier dimanche de mars, d'octobre."""
    fin = date(an, mois, 31)
    return fin - timedelta(days=(fin.weekday() + 1) % 7)


def avance(jour: date) -> bool:
    """Vrai le jour où l'on passe à l'heure d'été : de 2 h à 3 h, rien n'existe."""
    return jour.month == 3 and jour == dernier_dimanche(jour.year, 3)


def recule(jour: date) -> bool:
    """Vrai le jour où l'on passe à l'heure d'hiver : de 2 h à 3 h, tout arrive deux fois."""
    return jour.month == 10 and jour == dernier_dimanche(jour.year, 10)


@cache
def changements() -> tuple[int, ...]:
    """Les changements d'heure, en minutes depuis le jour 0 du calendrier (UTC) ; on part de l'hiver."""
    rendu = []
    for an in range(PREMIERE_ANNEE - 1, DERNIERE_ANNEE + 2):
        for mois in (3, 10):
            rendu.append(dernier_dimanche(an, mois).toordinal() * MINUTES_PAR_JOUR + 60)
    return tuple(rendu)


def tranche_de(minutes: int) -> str:
    """La tranche du jour où tombe cette minute ; vide si l'heure n'est pas dite."""
    if minutes < 0:
        return ""
    if 6 * 60 <= minutes < 14 * 60:
        return TrancheDuJour.MATIN.value
    return TrancheDuJour.APRES_MIDI.value if 14 * 60 <= minutes < 21 * 60 else TrancheDuJour.NUIT.value


def ressemble_a_un_instant(texte: str) -> bool:
    """Vrai si ce texte commence par un jour : une ligne d'en-tête n'en porte pas."""
    return any(lire_jour(texte[:n]) and lire_heure(texte[n:]) for n in LARGEURS if len(texte) >= n)
