"""L'échelle d'une question : tourner une note, la retourner, l'arrondir. Module pur.

La *maîtrise* est la note tournée du bon côté : la plus haute est toujours la meilleure. Source : metier §5.
"""

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from risques.enums import SensEchelle

Nombre = int | float | Decimal | Fraction
Valeur = int | Fraction
"""Une note brute : un entier de l'échelle, ou la moyenne exacte de plusieurs."""
DEMI = Fraction(1, 2)


class SensInconnu(ValueError):
    """On ne sait pas ce que dit une note haute : rien à tourner."""


class Question(Protocol):
    """Ce qu'il faut d'une question, qu'elle vienne de la base ou d'un fichier. `poids` > 0."""

    @property
    def code(self) -> str: ...
    @property
    def minimum(self) -> int: ...
    @property
    def maximum(self) -> int: ...
    @property
    def sens(self) -> str: ...
    @property
    def poids(self) -> Decimal | float: ...
    @property
    def etoilee(self) -> bool: ...
    @property
    def si_question(self) -> str: ...
    @property
    def si_au_moins(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class QuestionNotee:
    """Une question hors de la base. `si_question` : posée si la note brute de celle-là est ≥ `si_au_moins`."""

    code: str
    minimum: int = 1
    maximum: int = 10
    sens: str = SensEchelle.DEFAVORABLE
    poids: Decimal | float = Decimal(1)
    etoilee: bool = False
    si_question: str = ""
    si_au_moins: int | None = None


def exact(valeur: Nombre) -> Fraction:
    """La fraction exacte d'un nombre ; un flottant vaut ce qu'on en lit (0.1 est un dixième)."""
    return Fraction(str(valeur)) if isinstance(valeur, float) else Fraction(valeur)


def decimal(valeur: Fraction) -> Decimal:
    """Un Decimal, exact si la fraction est décimale, à 28 chiffres sinon."""
    return Decimal(valeur.numerator) / Decimal(valeur.denominator)


def arrondi(valeur: Nombre) -> int:
    """L'entier le plus proche, le demi vers le haut : le seul arrondi des notes."""
    return math.floor(exact(valeur) + DEMI)


def inverser(valeur: Valeur, n: int, minimum: int = 1, maximum: int = 10) -> Valeur:
    """Retourne une somme de n notes : 11n − valeur, de 1 à 10. Deux fois, on revient au départ."""
    return n * (minimum + maximum) - valeur


def inverser_reponse(reponse: Valeur) -> Valeur:
    """11 − r : une note de 1 à 10."""
    return inverser(reponse, 1)


def inverser_section(section: Valeur) -> Valeur:
    """110 − s : une section de dix questions."""
    return inverser(section, 10)


def inverser_total(total: Valeur) -> Valeur:
    """1100 − t : les cent questions."""
    return inverser(total, 100)


def retourner(question: Question, valeur: Valeur) -> Valeur:
    """La note vue de l'autre bout de son échelle : minimum + maximum − valeur."""
    return inverser(valeur, 1, question.minimum, question.maximum)


def sens_connu(question: Question) -> bool:
    """On sait ce que dit une note haute."""
    return question.sens in (SensEchelle.FAVORABLE, SensEchelle.DEFAVORABLE)


def maitrise(question: Question, valeur: Valeur) -> Valeur:
    """La note tournée du bon côté, de minimum à maximum. Lève SensInconnu."""
    if not sens_connu(question):
        raise SensInconnu(f"Le sens de la question {question.code} n'est pas connu.")
    return valeur if question.sens == SensEchelle.FAVORABLE else retourner(question, valeur)


def risque(question: Question, valeur: Valeur) -> Fraction:
    """La part de risque d'une note, de 0 (rien à craindre) à 1 (le pire de l'échelle). Lève SensInconnu."""
    return Fraction(question.maximum - maitrise(question, valeur), question.maximum - question.minimum)
