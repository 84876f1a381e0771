"""Qui est formé à quoi : la carte d'une grappe (ESMS × module) et la courbe de ses mois. Module pur.

La carte n'a qu'une teinte, du clair (personne) au foncé (tous), et le pour cent écrit. La courbe est sur l'échelle
entière, de 0 à 100 % : abscisses en pour cent de la largeur, proportionnelles au temps ; ordonnées en pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from formation.calculs.couverture import Compte
from programme.socle.dates import mois as dire_mois
from programme.socle.nombres import pourcentage

BORNES = (0.25, 0.5, 0.8)
"""Au-delà de chacune, le palier du dessus ; la dernière est le seuil d'ouverture du produit."""
MASQUE, SANS_OBJET = "masqué", "—"
HAUT, BAS, HAUTEUR = 24.0, 164.0, 192
GAUCHE, DROITE = 7.0, 93.0
REPERES = (0.0, 0.5, 1.0)
DATES_AU_PLUS = 6


@dataclass(frozen=True, slots=True)
class Case:
    """Un ESMS et un module : palier de 0 (rien à lire) à 4, ce qui s'écrit, ce qui se dit."""

    palier: int
    texte: str
    dit: str


@dataclass(frozen=True, slots=True)
class Ligne:
    """Un ESMS : son nom, sa page, une case par module, puis l'ensemble."""

    nom: str
    url: str
    cases: tuple[Case, ...]
    ensemble: Case


@dataclass(frozen=True, slots=True)
class Point:
    """Un mois posé ; `date` : faut-il écrire le mois dessous."""

    x: float
    y: float
    jour: str
    valeur: str
    date: bool


@dataclass(frozen=True, slots=True)
class Courbe:
    """Ce que le gabarit attend. Moins de deux points : pas de courbe, `phrase` dit tout."""

    phrase: str
    points: tuple[Point, ...]
    segments: tuple[tuple[Point, Point], ...]
    reperes: tuple[tuple[float, str], ...]
    rangs: tuple[tuple[str, Compte], ...]
    hauteur: int = HAUTEUR


def dessiner_case(compte: Compte | None, *, masque: bool) -> Case:
    """La case d'un compte ; sans compte, masquée ou sans objet."""
    if compte is None or compte.taux is None:
        return Case(0, MASQUE, "trop peu de personnes") if masque else Case(0, SANS_OBJET, "personne à former")
    palier = 1 + sum(compte.taux >= borne for borne in BORNES)
    return Case(palier, pourcentage(compte.taux), f"{compte.formes} sur {compte.en_poste}")


def _y(taux: float) -> float:
    return round(BAS - (BAS - HAUT) * taux, 1)


def dessiner_courbe(mois: Sequence[tuple[date, Compte]]) -> Courbe:
    """La courbe de ces mois, dans l'ordre ; un mois sans personne en poste ne s'y pose pas."""
    lus = [(jour, compte) for jour, compte in mois if compte.taux is not None]
    rangs = tuple((dire_mois(jour), compte) for jour, compte in mois)
    reperes = tuple((_y(r), pourcentage(r)) for r in REPERES)
    if len(lus) < 2:
        return Courbe(_phrase(lus), (), (), reperes, rangs)
    debut, etendue = lus[0][0], (lus[-1][0] - lus[0][0]).days
    pas = -(-len(lus) // DATES_AU_PLUS)
    points = tuple(
        Point(
            round(GAUCHE + (DROITE - GAUCHE) * (jour - debut).days / etendue, 2),
            _y(compte.taux or 0.0),
            dire_mois(jour),
            pourcentage(compte.taux),
            (len(lus) - 1 - rang) % pas == 0,
        )
        for rang, (jour, compte) in enumerate(lus)
    )
    return Courbe(_phrase(lus), points, tuple(pairwise(points)), reperes, rangs)


def _phrase(lus: Sequence[tuple[date, Compte]]) -> str:
    if not lus:
        return "Pas encore de mois compté."
    (premier, avant), (dernier, apres) = lus[0], lus[-1]
    if len(lus) == 1:
        return f"{pourcentage(apres.taux)} en {dire_mois(dernier)} : la courbe se dessine au deuxième mois."
    return f"De {pourcentage(avant.taux)} en {dire_mois(premier)} à {pourcentage(apres.taux)} en {dire_mois(dernier)}."
