"""Les mots du récit : ce qu'un ESMS traverse, en données. Module pur."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from programme.enums import NatureFait, PointDepart, TempsEcriture, TypeProjet

N = NatureFait

FAITS_AVANT: Mapping[str, tuple[tuple[N, int], ...]] = {
    "engager": ((N.PREDIAGNOSTIC, 26), (N.ANNONCE, 12)),
    "preparer": ((N.CONCERTATION, 33), (N.CSE, 27), (N.AIPD, 15), (N.HEBERGEMENT, 14)),
    "piloter": ((N.PREREQUIS, 9),),
    "passer_en_routine": ((N.ARRIVANTS, 24), (N.BILAN, 11)),
}
"""Faits datés avant un passage, et combien de jours avant ; un ESMS peut en laisser de côté (`Fil.sans`)."""

FAITS_AVANT_OUVERTURE = ((N.ECRITS, 30), (N.INFORMATION, 21), (N.MATERIEL, 14), (N.PROCEDURES, 10), (N.REPRISE, 5))


@dataclass(frozen=True)
class Pas:
    """Un passage du parcours. `par` : identifiant du compte ; vide, qui décide d'ordinaire."""

    transition: str
    le: date
    motif: str = ""
    par: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Lieu:
    """Une unité de déploiement."""

    nom: str
    places: int | None = None
    nuit: bool = False


@dataclass(frozen=True)
class Ouvrir:
    """Un module ouvert unité après unité.

    `le` : première unité ; `ecart` : jours d'une unité à la suivante ; `unites` : lesquelles (vide : toutes) ;
    `tient_apres` et `retrait` : jours avant la stabilisation et le retrait de l'ancien support (0 : pas encore).
    Ce qui tombe après aujourd'hui reste à venir : la date devient la date visée. `motif` sert si l'on ouvre sous
    réserve.
    """

    module: str
    le: date
    ecart: int = 21
    unites: tuple[str, ...] = ()
    tient_apres: int = 60
    support: str = ""
    retrait: int = 0
    motif: str = ""


@dataclass(frozen=True)
class Exclure:
    """Un module mis hors périmètre dans toutes les unités."""

    module: str
    le: date
    motif: str


@dataclass(frozen=True)
class Fil:
    """L'histoire d'un ESMS dans sa grappe."""

    finess: str
    direction: str = ""
    depart: PointDepart = PointDepart.PAPIER
    type_projet: TypeProjet = TypeProjet.ACQUISITION
    vague: int = 0
    pilote: bool = False
    unites: tuple[Lieu, ...] = ()
    passages: tuple[Pas, ...] = ()
    ouvertures: tuple[Ouvrir, ...] = ()
    exclus: tuple[Exclure, ...] = ()
    sans: frozenset[str] = frozenset()
    faits: tuple[tuple[str, date], ...] = ()
    fiche: tuple[tuple[date, Mapping[str, Any]], ...] = ()
    gain: str = ""
    temps: TempsEcriture = TempsEcriture.NON_DECIDE
    temps_note: str = ""
    glissement: int = 0
    prevu: Mapping[str, date] = field(default_factory=dict)
    revise: Mapping[str, date] = field(default_factory=dict)

    def premier(self, transition: str) -> date | None:
        """Date du premier passage de ce nom."""
        return next((pas.le for pas in self.passages if pas.transition == transition), None)
