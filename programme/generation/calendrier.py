"""Les dates d'un parcours inventé : entrées réelles, références, révisions, dans l'ordre de la frise. Module pur."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from programme.enums import FRISE_PARCOURS, EtatParcours, NatureFait, TypeProjet

P, N = EtatParcours, NatureFait
PLUS_TOT = date(2019, 1, 1)

FAITS = {
    P.CADRAGE: (N.ANNONCE, N.PREDIAGNOSTIC),
    P.PREPARATION: (N.CONCERTATION, N.BESOINS, N.CSE, N.AIPD, N.HEBERGEMENT),
    P.PILOTE: (N.PREREQUIS,),
    P.OUVERTURE: (N.INFORMATION, N.MATERIEL, N.PROCEDURES, N.REPRISE),
    P.SERVICE_REGULIER: (N.ECRITS,),
    P.ROUTINE: (N.ARRIVANTS, N.BILAN),
}
"""Ce qui s'est fait avant d'entrer dans chaque état."""


@dataclass(slots=True)
class Dates:
    """`reelles`, `references`, `revisees` : par état ; l'entrée dans l'état atteint est la dernière des réelles."""

    reelles: dict[str, date] = field(default_factory=dict)
    references: dict[str, date] = field(default_factory=dict)
    revisees: dict[str, date] = field(default_factory=dict)


def chemin(type_projet: str, est_pilote: bool) -> list[str]:
    """Les états que franchit ce parcours, dans l'ordre."""
    court = type_projet == TypeProjet.MISE_EN_CONFORMITE and not est_pilote
    evites = {P.PILOTE} if not est_pilote else set()
    return [e.value for e in FRISE_PARCOURS if e not in (evites | ({P.OUVERTURE} if court else set()))]


def dater(hasard: Random, route: list[str], etat: str, au: date, *, planifie: bool) -> Dates:
    """Les dates d'un parcours arrivé à `etat` ; `planifie` : il a aussi des dates à venir."""
    dates = Dates()
    jour = au - timedelta(days=hasard.randint(3, 260))
    for franchi in reversed(route[1 : route.index(etat) + 1]):
        dates.reelles[franchi] = jour
        dates.references[franchi] = jour - timedelta(days=hasard.randint(-20, 60))
        jour = max(PLUS_TOT, jour - timedelta(days=hasard.randint(30, 150)))
    dates.reelles = dict(reversed(dates.reelles.items()))
    if planifie:
        _prevoir(hasard, route[route.index(etat) + 1 :], au, dates)
    return dates


def _prevoir(hasard: Random, a_venir: list[str], au: date, dates: Dates) -> None:
    # Un sur douze a laissé passer sa date sans la revoir : c'est ce qu'un chef de projet vient chercher.
    jour = au - timedelta(days=40) if hasard.random() < 0.08 else au + timedelta(days=hasard.randint(5, 120))
    for rang, etat in enumerate(a_venir):
        dates.references[etat] = jour
        if hasard.random() < 0.3 and (rang or jour > au):
            jour += timedelta(days=hasard.randint(7, 60))
            dates.revisees[etat] = jour
        jour += timedelta(days=hasard.randint(40, 160))


def faits(hasard: Random, route: list[str], dates: Dates, au: date) -> Iterator[tuple[str, date]]:
    """Les faits datés : presque tous avant chaque passage franchi, quelques-uns pour celui qui vient."""
    for etat in route[1:]:
        entree = dates.reelles.get(etat)
        for nature in FAITS[P(etat)]:
            if hasard.random() < (0.93 if entree else 0.35):
                yield nature.value, (entree or au) - timedelta(days=hasard.randint(1, 28))
        if entree is None:
            return
