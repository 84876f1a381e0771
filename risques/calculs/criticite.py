"""La criticité d'un risque, et ce qu'une réponse en dit. Module pur.

Criticité = probabilité (1 à 4) × impact (1 à 4). Trois bornes font quatre niveaux ; source : metier §5.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from risques.calculs.echelle import Nombre, Question, Valeur, arrondi, exact, risque, sens_connu
from risques.enums import Impact, NiveauRisque, Probabilite

SEUIL_INQUIETANT = 8
"""Note qui inquiète, sur une échelle défavorable de 1 à 10."""


class BornesImpossibles(ValueError):
    """Des bornes qui ne font pas quatre niveaux ; le message se lit à l'écran."""


@dataclass(frozen=True, slots=True)
class Bornes:
    """La plus petite criticité de chaque niveau au-delà d'acceptable. Lève BornesImpossibles."""

    significatif: int = 4
    critique: int = 8
    inacceptable: int = 12

    def __post_init__(self) -> None:
        if not 1 < self.significatif < self.critique < self.inacceptable <= 16:
            raise BornesImpossibles(
                "Les bornes vont de 2 à 16 et montent : « significatif », puis « critique », puis « inacceptable ». "
                f"Corrigez {self.significatif}, {self.critique}, {self.inacceptable}."
            )


@dataclass(frozen=True, slots=True)
class Case:
    """Une case de la matrice."""

    probabilite: Probabilite
    impact: Impact
    criticite: int
    niveau: NiveauRisque


def criticite(probabilite: int, impact: int) -> int:
    """Probabilité × impact, de 1 à 16. Lève ValueError hors de 1 à 4."""
    return Probabilite(probabilite) * Impact(impact)


def niveau(valeur: int, bornes: Bornes) -> NiveauRisque:
    """Le niveau d'une criticité : une borne appartient au niveau qu'elle ouvre."""
    if valeur >= bornes.inacceptable:
        return NiveauRisque.INACCEPTABLE
    if valeur >= bornes.critique:
        return NiveauRisque.CRITIQUE
    return NiveauRisque.SIGNIFICATIF if valeur >= bornes.significatif else NiveauRisque.ACCEPTABLE


def matrice(bornes: Bornes) -> tuple[tuple[Case, ...], ...]:
    """Les seize cases : une ligne par probabilité, de certain à rare ; dans la ligne, l'impact croît."""
    return tuple(
        tuple(Case(p, i, criticite(p, i), niveau(criticite(p, i), bornes)) for i in Impact)
        for p in reversed(Probabilite)
    )


def part_inquietante(seuil: int) -> Fraction:
    """La part de risque, de 0 à 1, où une réponse inquiète. `seuil` : de 2 à 10, une note défavorable de 1 à 10."""
    return Fraction(seuil - 1, 9)


def est_inquietante(question: Question, valeur: Valeur, seuil: int = SEUIL_INQUIETANT) -> bool:
    """La réponse appelle une action et un risque : sur toute échelle, sa part de risque atteint celle du seuil.

    Un sens inconnu n'inquiète jamais : on ne sait pas lire la note.
    """
    return sens_connu(question) and risque(question, valeur) >= part_inquietante(seuil)


def depuis_reponses(risques: Iterable[Nombre]) -> tuple[Probabilite, Impact] | None:
    """Probabilité et impact suggérés pour une catégorie, d'après ses réponses ; None s'il n'y en a pas.

    `risques` : parts de risque, de 0 à 1. Probabilité : 1 + 3 × leur moyenne ; impact : 1 + 3 × la pire ; arrondis.
    Une amorce pour l'analyse locale, que l'ESMS corrige.
    """
    lus = [exact(r) for r in risques]
    if not lus:
        return None
    moyenne = sum(lus, Fraction()) / len(lus)
    return Probabilite(1 + arrondi(3 * moyenne)), Impact(1 + arrondi(3 * max(lus)))


def sans_arreter(
    p: Probabilite, i: Impact, niveau_de: Callable[[int, int], NiveauRisque]
) -> tuple[Probabilite, Impact]:
    """Ramène une suggestion sous « inacceptable » : ce niveau-là, quelqu'un doit le dire. L'impact cède d'abord."""
    while niveau_de(p, i) == NiveauRisque.INACCEPTABLE and (p, i) != (Probabilite(1), Impact(1)):
        p, i = (p, Impact(i - 1)) if i > Impact(1) else (Probabilite(p - 1), i)
    return p, i
