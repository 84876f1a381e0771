"""Les demi-journées d'une session : autant de signatures sur la feuille. Module pur."""

from datetime import datetime, time, timedelta

PARTIES = (("Matin", time(0), time(13)), ("Après-midi", time(13), time(18)), ("Soir", time(18), time(23, 59)))
SEUIL = timedelta(hours=1)
"""En dessous, une session qui déborde ne demande pas une signature de plus."""


def demi_journees(debut: datetime, fin: datetime) -> list[str]:
    """« Matin », « Après-midi », « Soir » : celles que la session occupe une heure au moins ; toujours une."""
    occupees = [(nom, _commun(debut, fin, de, a)) for nom, de, a in PARTIES]
    longues = [nom for nom, duree in occupees if duree >= SEUIL]
    return longues or [max(occupees, key=lambda couple: couple[1])[0]]


def _commun(debut: datetime, fin: datetime, de: time, a: time) -> timedelta:
    jour = debut.date()
    premier = max(debut, datetime.combine(jour, de, debut.tzinfo))
    return max(min(fin, datetime.combine(jour, a, debut.tzinfo)) - premier, timedelta())
