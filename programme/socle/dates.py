"""Dates en français, sans horloge : le jour courant est toujours passé en argument.

Une date absente se lit « — », pour qu'un gabarit n'ait pas à la tester.
"""

from datetime import date, datetime

ABSENT = "—"

MOIS_COURTS = (
    "janv.", "févr.", "mars", "avril", "mai", "juin",
    "juil.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip
MOIS_LONGS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")

JOURS_PAR_MOIS = 30.44
JOURS_PAR_AN = 365.25


def _jour_du_mois(jour: date) -> str:
    return "1er" if jour.day == 1 else str(jour.day)


def date_courte(jour: date | None) -> str:
    """« 3 nov. 2026 », « 1er déc. 2026 »."""
    if jour is None:
        return ABSENT
    return f"{jour_mois(jour)} {jour.year}"


def jour_mois(jour: date | None) -> str:
    """« 3 nov. », « 1er déc. » : quand l'année va de soi."""
    if jour is None:
        return ABSENT
    return f"{_jour_du_mois(jour)} {MOIS_COURTS[jour.month - 1]}"


def date_longue(jour: date | None, avec_jour: bool = False) -> str:
    """« 3 novembre 2026 », ou « mardi 3 novembre 2026 » si `avec_jour`."""
    if jour is None:
        return ABSENT
    texte = f"{_jour_du_mois(jour)} {MOIS_LONGS[jour.month - 1]} {jour.year}"
    return f"{JOURS[jour.weekday()]} {texte}" if avec_jour else texte


def mois(jour: date | None) -> str:
    """« nov. 2026 »."""
    if jour is None:
        return ABSENT
    return f"{MOIS_COURTS[jour.month - 1]} {jour.year}"


def fin_du_mois(jour: date | None) -> str:
    """« fin novembre 2026 » : avant quand, pour une date qu'on ne connaît qu'au mois."""
    if jour is None:
        return ABSENT
    return f"fin {MOIS_LONGS[jour.month - 1]} {jour.year}"


def heure(instant: datetime | None) -> str:
    """« 9 h 05 », d'un seul tenant : une heure ne se coupe pas en bout de ligne."""
    if instant is None:
        return ABSENT
    return f"{instant.hour}\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}{instant.minute:02d}"


def duree(jours: int) -> str:
    """Une durée à l'unité où elle se lit : « 5 jours », « 3 semaines », « 2 mois », « 1 an »."""
    if jours < 14:
        return f"{jours} jour" if jours < 2 else f"{jours} jours"
    if jours < 60:
        return f"{jours // 7} semaines"
    if jours < JOURS_PAR_AN:
        return f"{min(int(jours / JOURS_PAR_MOIS), 11)} mois"
    ans = int(jours / JOURS_PAR_AN)
    return f"{ans} an" if ans < 2 else f"{ans} ans"


def il_y_a(jour: date | None, aujourdhui: date) -> str:
    """« depuis 2 mois », « depuis hier » ; pour un jour à venir : « dans 3 jours », « demain »."""
    if jour is None:
        return ABSENT
    ecart = (aujourdhui - jour).days
    proches = {0: "depuis aujourd’hui", 1: "depuis hier", -1: "demain"}
    if ecart in proches:
        return proches[ecart]
    return f"depuis {duree(ecart)}" if ecart > 0 else f"dans {duree(-ecart)}"
