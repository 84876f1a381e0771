"""Ce que disent les avis sur une formation : quand on les demande, qui répond, ce qu'ils valent. Module pur.

Une note va de 1 à 5. Part favorable : les notes à partir de 4 sur toutes les notes. Taux de réponse : les avis reçus
sur les présents pointés. En dessous de cinq avis, rien ne se montre et rien ne se juge : on devinerait qui a répondu.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from formation.enums import MomentAvis

NOTES = (1, 2, 3, 4, 5)
FAVORABLE = 4
MONTRES_A_PARTIR_DE = 5
JOURS_A_CHAUD = 14
JOURS_A_FROID = 30
"""Combien de jours l'avis se donne : deux semaines en sortant, un mois après quelques semaines d'usage."""


@dataclass(frozen=True, slots=True)
class Lecture:
    """Des notes, lues ensemble. `repartition` : combien de 1, de 2… jusqu'à 5."""

    repartition: tuple[int, ...]

    @property
    def nombre(self) -> int:
        """Combien de notes."""
        return sum(self.repartition)

    @property
    def favorables(self) -> int:
        """Combien à partir de 4."""
        return sum(self.repartition[FAVORABLE - 1 :])

    @property
    def moyenne(self) -> float | None:
        """La moyenne, de 1 à 5 ; None sans note."""
        if not self.nombre:
            return None
        return sum(note * combien for note, combien in zip(NOTES, self.repartition, strict=True)) / self.nombre

    @property
    def part_favorable(self) -> float | None:
        """La part favorable, de 0 à 1 ; None sans note."""
        return self.favorables / self.nombre if self.nombre else None

    def est_sous(self, seuil: int) -> bool:
        """Vrai si la part favorable n'atteint pas ce seuil, en pour cent ; sans note, on ne juge pas."""
        return self.nombre > 0 and self.favorables * 100 < seuil * self.nombre


def lire(notes: Sequence[int]) -> Lecture:
    """Ces notes, réparties ; leur ordre ne compte pas."""
    return Lecture(tuple(sum(1 for n in notes if n == note) for note in NOTES))


def se_montre(nombre: int) -> bool:
    """Vrai s'il y a assez d'avis pour qu'aucun ne se devine."""
    return nombre >= MONTRES_A_PARTIR_DE


def taux_de_reponse(avis: int, presents: int) -> float | None:
    """Les avis reçus sur les présents pointés, de 0 à 1 ; None si personne n'est pointé présent."""
    return min(avis / presents, 1.0) if presents else None


def fenetre(moment: str, jour: date, delai_a_froid: int) -> tuple[date, date]:
    """Du… au…, bornes comprises : quand se donne l'avis d'une session tenue ce jour-là."""
    if moment == MomentAvis.A_CHAUD:
        return jour, jour + timedelta(days=JOURS_A_CHAUD)
    debut = jour + timedelta(days=delai_a_froid)
    return debut, debut + timedelta(days=JOURS_A_FROID)
