"""Plusieurs personnes sur le même objet : ce qui les sépare, montré avant toute moyenne. Module pur.

L'écart se dit rapporté à l'amplitude de l'échelle, pour que des questions d'échelles différentes se rangent ensemble.
Il ne dépend pas du sens de l'échelle. Aucune personne n'est nommée ici : des notes, et au plus un regard.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from risques.calculs.echelle import Nombre, Question, Valeur, decimal, exact
from risques.calculs.reponses import Reponses, SectionNotee, valeurs_retenues

MOTS = ((Fraction(0), "d'accord"), (Fraction(1, 3), "proches"), (Fraction(2, 3), "divisés"), (Fraction(1), "opposés"))
"""Jusqu'à quel écart, rapporté à l'échelle. De 1 à 10 : 0, jusqu'à 3, jusqu'à 6, au-delà ; de 1 à 4 : 0, 1, 2, 3."""
CONVERGENT = ("d'accord", "proches")
JEU = Fraction(1, 10**20)
"""Deux tiers lus dans un Decimal dépassent deux tiers d'un rien : ce rien ne change pas le mot."""


def dire(ecart: Nombre) -> str:
    """Le mot d'un écart rapporté à l'échelle, de 0 à 1."""
    lu = exact(ecart) - JEU
    return next((mot for seuil, mot in MOTS if lu <= seuil), MOTS[-1][1])


@dataclass(frozen=True, slots=True)
class Etalement:
    """Des nombres et ce qui les sépare. `ecart_moyen` : distance moyenne à la médiane."""

    nb: int
    minimum: Decimal
    maximum: Decimal
    etendue: Decimal
    mediane: Decimal
    moyenne: Decimal
    ecart_moyen: Decimal


def etaler(valeurs: Iterable[Nombre]) -> Etalement | None:
    """L'étalement de ces valeurs (notes, sections ou totaux) ; None s'il y en a moins de deux."""
    triees = sorted(exact(v) for v in valeurs)
    if len(triees) < 2:
        return None
    return Etalement(
        nb=len(triees),
        minimum=decimal(triees[0]),
        maximum=decimal(triees[-1]),
        etendue=decimal(triees[-1] - triees[0]),
        mediane=decimal(_mediane(triees)),
        moyenne=decimal(_moyenne(triees)),
        ecart_moyen=decimal(_ecart_moyen(triees)),
    )


@dataclass(frozen=True, slots=True)
class DispersionQuestion:
    """Une question vue par plusieurs. `notes` : brutes, croissantes ; `ecart` : étendue sur amplitude, de 0 à 1.

    `mots` : « d'accord », « proches », « divisés », « opposés ». `rang` : 1 pour la plus dispersée, ex æquo compris.
    """

    code: str
    notes: tuple[Valeur, ...]
    etalement: Etalement
    ecart: Decimal
    mots: str
    rang: int


def disperser(sections: Sequence[SectionNotee], grilles: Iterable[Reponses]) -> list[DispersionQuestion]:
    """Les questions notées par deux personnes au moins, dans l'ordre du questionnaire ; vide pour une seule grille."""
    notes = _notes(sections, grilles)
    lues = [(q, sorted(notes[q.code])) for s in sections for q in s.questions if len(notes.get(q.code, ())) > 1]
    cles = [(_rapporter(q, n[-1] - n[0]), _rapporter(q, _ecart_moyen(n))) for q, n in lues]
    return [
        DispersionQuestion(
            q.code, tuple(n), etalement, decimal(cle[0]), dire(cle[0]), 1 + sum(autre > cle for autre in cles)
        )
        for (q, n), cle in zip(lues, cles, strict=True)
        if (etalement := etaler(n))
    ]


def plus_dispersees(dispersions: Iterable[DispersionQuestion], nombre: int = 10) -> list[DispersionQuestion]:
    """Celles dont il faut parler d'abord : les plus dispersées, sans celles où tous sont d'accord."""
    return sorted((d for d in dispersions if d.ecart), key=lambda d: d.rang)[:nombre]


@dataclass(frozen=True, slots=True)
class Confrontation:
    """Une question ou une section selon les regards. `moyennes` : par regard ; `ecart` : le plus grand, de 0 à 1.

    `bas`, `haut` : les deux regards les plus éloignés.
    """

    code: str
    moyennes: Mapping[str, Decimal]
    ecart: Decimal
    bas: str
    haut: str
    mots: str

    @property
    def converge(self) -> bool:
        """Les regards sont d'accord, ou proches."""
        return self.mots in CONVERGENT


def confronter(code: str, regards: Mapping[str, Sequence[Nombre]], amplitude: Nombre = 1) -> Confrontation | None:
    """Confronte des valeurs rangées par regard ; None si moins de deux regards en ont. `amplitude` : de l'échelle, > 0.

    Une section se confronte par ses fractions (de 0 à 1), une question par ses notes brutes.
    """
    moyennes = {r: _moyenne(valeurs) for r, valeurs in regards.items() if valeurs}
    if len(moyennes) < 2:
        return None
    bas, haut = min(moyennes, key=lambda r: moyennes[r]), max(moyennes, key=lambda r: moyennes[r])
    ecart = (moyennes[haut] - moyennes[bas]) / exact(amplitude)
    return Confrontation(code, {r: decimal(m) for r, m in moyennes.items()}, decimal(ecart), bas, haut, dire(ecart))


def confronter_questions(
    sections: Sequence[SectionNotee], grilles: Mapping[str, Sequence[Reponses]]
) -> list[Confrontation]:
    """Chaque question notée par deux regards au moins, dans l'ordre. `grilles` : par regard."""
    notes = {regard: _notes(sections, siennes) for regard, siennes in grilles.items()}
    rendues = (
        confronter(q.code, {r: siennes.get(q.code, ()) for r, siennes in notes.items()}, q.maximum - q.minimum)
        for section in sections
        for q in section.questions
    )
    return [c for c in rendues if c]


def _notes(sections: Sequence[SectionNotee], grilles: Iterable[Reponses]) -> dict[str, list[Valeur]]:
    """Les notes retenues de chaque question, d'une grille à l'autre."""
    notes: dict[str, list[Valeur]] = {}
    for reponses in grilles:
        for code, valeur in valeurs_retenues(sections, reponses).items():
            notes.setdefault(code, []).append(valeur)
    return notes


def _rapporter(question: Question, ecart: Nombre) -> Fraction:
    return exact(ecart) / (question.maximum - question.minimum)


def _moyenne(valeurs: Sequence[Nombre]) -> Fraction:
    return sum((exact(v) for v in valeurs), Fraction()) / len(valeurs)


def _mediane(triees: Sequence[Nombre]) -> Fraction:
    nb = len(triees)
    return (exact(triees[(nb - 1) // 2]) + exact(triees[nb // 2])) / 2


def _ecart_moyen(triees: Sequence[Nombre]) -> Fraction:
    mediane = _mediane(triees)
    return _moyenne([abs(exact(v) - mediane) for v in triees])
