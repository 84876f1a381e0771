"""La courbe des comptes actifs par mois, et celle des utilisateurs prévus. Module pur.

Abscisses en pour cent de la largeur, un pas égal par mois ; ordonnées en pixels, de zéro au plus grand nombre. Un mois
sans fichier coupe la courbe : l'absence n'est pas un zéro. D'une somme, elle se coupe aussi quand les ESMS lus
changent : entre les deux, ce n'est pas l'usage qui a bougé.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from programme.socle.dates import mois as dire_mois
from programme.socle.nombres import accorde, nombre

HAUT, BAS, HAUTEUR = 24.0, 164.0, 192
GAUCHE, DROITE = 7.0, 93.0
PALIERS = (2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000)


@dataclass(frozen=True, slots=True)
class Mesure:
    """Un mois : comptes actifs (None : pas de fichier), utilisateurs prévus, mois entier ; `de` : les ESMS lus."""

    mois: date
    actifs: int | None
    prevus: int
    est_complet: bool = True
    de: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Point:
    """Un mois posé ; `date` : faut-il écrire le mois dessous ; `extreme` : premier ou dernier, sa valeur s'écrit."""

    x: float
    y: float
    jour: str
    valeur: str
    est_complet: bool
    date: bool
    extreme: bool


@dataclass(frozen=True, slots=True)
class Courbe:
    """Ce que le gabarit attend. Moins de deux mois lus : pas de points, `phrase` dit tout."""

    phrase: str
    points: tuple[Point, ...] = ()
    segments: tuple[tuple[Point, Point], ...] = ()
    prevus: tuple[tuple[float, float, float, float], ...] = ()
    reperes: tuple[tuple[float, str], ...] = ()
    hauteur: int = HAUTEUR


def plafond_de(plus_grand: int) -> int:
    """Le premier palier rond qui contient ce nombre."""
    return next((p for p in PALIERS if p >= plus_grand), plus_grand)


def dessiner(mesures: Sequence[Mesure]) -> Courbe:
    """La courbe de ces mois, dans l'ordre."""
    lues = [m for m in mesures if m.actifs is not None]
    if len(lues) < 2:
        return Courbe(_phrase(lues))
    plafond = plafond_de(max(max(m.actifs or 0, m.prevus) for m in mesures))
    pas = (DROITE - GAUCHE) / max(len(mesures) - 1, 1)
    abscisses = {m.mois: round(GAUCHE + pas * rang, 2) for rang, m in enumerate(mesures)}
    points = {m.mois: _point(m, abscisses[m.mois], plafond, rang, len(lues)) for rang, m in enumerate(lues)}
    voisins = list(zip(mesures, mesures[1:], strict=False))
    segments = tuple(
        (points[a.mois], points[b.mois]) for a, b in voisins if a.mois in points and b.mois in points and a.de == b.de
    )
    prevus = tuple(
        (abscisses[a.mois], _y(a.prevus, plafond), abscisses[b.mois], _y(b.prevus, plafond))
        for a, b in voisins
        if a.prevus and b.prevus and a.de == b.de
    )
    reperes = tuple((_y(v, plafond), nombre(v)) for v in (0, plafond // 2, plafond))
    return Courbe(_phrase(lues), tuple(points.values()), segments, prevus, reperes)


def _y(valeur: int, plafond: int) -> float:
    return round(BAS - (BAS - HAUT) * valeur / plafond, 1)


def _point(m: Mesure, x: float, plafond: int, rang: int, combien: int) -> Point:
    extreme = rang in (0, combien - 1)
    return Point(
        x,
        _y(m.actifs or 0, plafond),
        dire_mois(m.mois),
        nombre(m.actifs),
        m.est_complet,
        extreme or (combien - 1 - rang) % 3 == 0,
        extreme,
    )


def _dire(mesure: Mesure) -> str:
    return f"{accorde(mesure.actifs, 'compte actif,comptes actifs')} en {dire_mois(mesure.mois)}"


def _phrase(lues: Sequence[Mesure]) -> str:
    if not lues:
        return "Aucun fichier lu sur ces douze mois."
    premiere, derniere = lues[0], lues[-1]
    if len(lues) == 1:
        return f"{_dire(derniere)} : la courbe se dessine au deuxième mois lu."
    if premiere.de != derniere.de:
        return f"{_dire(derniere)}."
    return f"De {_dire(premiere)} à {nombre(derniere.actifs)} en {dire_mois(derniere.mois)}."
