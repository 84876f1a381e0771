"""L'histoire d'un parcours : ce qui a eu lieu et ce qui est prévu, trié, groupé, posé sur un axe. Module pur."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from programme.dessins.echelle import Echelle

PISTES = (
    ("ouverture", "Unités et modules"),
    ("verification", "VA et VSR"),
    ("fait", "Faits datés"),
    ("proposition", "Propositions"),
    ("conflit", "Conflits de calendrier"),
)
"""Pistes sous celle des états, dans l'ordre du dessin : genre → nom."""
PASSAGE = "passage"
_ECART = 19
"""En deçà, deux marques se recouvrent : elles n'en font qu'une (pixels)."""


@dataclass(frozen=True, slots=True)
class Evenement:
    """Un moment du parcours.

    `genre` : `passage` ou une piste ; `a_venir` : prévu, pas encore fait ; `ligne` : ce qu'en lit le journal.
    """

    le: date
    genre: str
    titre: str
    a_venir: bool = False
    rang: int = 0
    ligne: dict[str, Any] = field(default_factory=dict, compare=False)


def trier(evenements: Iterable[Evenement]) -> tuple[list[Evenement], list[Evenement]]:
    """(à venir, passés) : l'avenir du plus proche au plus lointain, le passé du plus récent au plus ancien.

    Une date prévue et dépassée est encore à venir, en tête : elle attend.
    """
    tous = list(evenements)
    venir = sorted((e for e in tous if e.a_venir), key=lambda e: (e.le, e.rang))
    return venir, sorted((e for e in tous if not e.a_venir), key=lambda e: (e.le, e.rang), reverse=True)


@dataclass(frozen=True, slots=True)
class Marque:
    """Un ou plusieurs événements au même endroit d'une piste ; `x` en pixels."""

    x: float
    evenements: tuple[Evenement, ...]

    @property
    def nombre(self) -> int:
        """Combien s'y recouvrent."""
        return len(self.evenements)

    @property
    def rayon(self) -> int:
        """Demi-largeur (pixels) : plus grande quand un nombre s'y écrit."""
        return 9 if self.nombre > 1 else 6

    @property
    def cote(self) -> int:
        """Largeur (pixels)."""
        return 2 * self.rayon

    @property
    def a_venir(self) -> bool:
        """Rien n'y a encore eu lieu."""
        return all(e.a_venir for e in self.evenements)

    @property
    def dates(self) -> str:
        """Les jours marqués, pour qui relit le dessin : « 2026-03-02 2026-03-05 »."""
        return " ".join(e.le.isoformat() for e in self.evenements)


@dataclass(frozen=True, slots=True)
class Piste:
    """Une ligne du dessin : un genre et ses marques, de gauche à droite."""

    genre: str
    nom: str
    marques: tuple[Marque, ...]

    @property
    def nombre(self) -> int:
        """Événements de la piste."""
        return sum(m.nombre for m in self.marques)


def _grouper(evenements: list[Evenement], echelle: Echelle) -> tuple[Marque, ...]:
    groupes: list[tuple[float, list[Evenement]]] = []
    for e in sorted(evenements, key=lambda e: (e.le, e.rang)):
        x = echelle.x(e.le)
        if groupes and x - groupes[-1][0] < _ECART and groupes[-1][1][-1].a_venir == e.a_venir:
            groupes[-1][1].append(e)
        else:
            groupes.append((x, [e]))
    return tuple(Marque(x, tuple(liste)) for x, liste in groupes)


def pistes(evenements: Iterable[Evenement], echelle: Echelle) -> list[Piste]:
    """Les pistes où il se passe quelque chose ; les passages ont la leur, faite de barres (voir `gantt`)."""
    tous = list(evenements)
    rendu = []
    for genre, nom in PISTES:
        if siens := [e for e in tous if e.genre == genre]:
            rendu.append(Piste(genre, nom, _grouper(siens, echelle)))
    return rendu
