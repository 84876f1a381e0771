"""Des réponses face à leurs questions : ce qui est posé, ce qui compte, ce qui reste. Module pur.

Une note est *retenue* si sa question est posée et qu'elle est répondue, ni sans objet ni hors de son échelle.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from risques.calculs.echelle import Question, Valeur, exact


@dataclass(frozen=True, slots=True)
class SectionNotee:
    """Une section. `points` : sa note maximale, None = celle de ses questions ; `entiere` : sa part avant réduction."""

    code: str
    nom: str
    questions: Sequence[Question]
    points: int | None = None
    entiere: Fraction | None = None

    @property
    def part(self) -> Fraction:
        """Ce qu'elle pèse dans le questionnaire entier, sans égard aux réponses."""
        if self.entiere is not None:
            return self.entiere
        return Fraction(self.points) if self.points is not None else maximum(self.questions)


@dataclass(frozen=True, slots=True)
class Note:
    """Une réponse. Ni valeur ni sans objet : pas encore répondu."""

    valeur: Valeur | None = None
    sans_objet: bool = False


PAS_REPONDU = Note()

Reponses = Mapping[str, Note]
"""Les réponses d'une grille, par code de question ; un code absent n'est pas répondu."""


@dataclass(frozen=True, slots=True)
class Avancement:
    """Où en est une grille. Un « sans objet » est une réponse : `nb_repondues` le compte."""

    nb_repondues: int
    nb_posees: int
    nb_sans_objet: int

    @property
    def taux(self) -> float:
        """De 0 à 1 ; 1 s'il n'y a rien à répondre."""
        return self.nb_repondues / self.nb_posees if self.nb_posees else 1.0

    @property
    def complet(self) -> bool:
        """Il ne reste rien à répondre."""
        return self.nb_repondues == self.nb_posees


def maximum(questions: Iterable[Question]) -> Fraction:
    """Σ poids·maximum : ce que valent ces questions au mieux."""
    return sum((exact(q.poids) * q.maximum for q in questions), Fraction())


def valeur_retenue(question: Question, reponses: Reponses) -> Valeur | None:
    """La note brute d'une question posée. Hors de l'échelle, ce n'est pas une réponse."""
    note = reponses.get(question.code, PAS_REPONDU)
    if note.sans_objet or note.valeur is None:
        return None
    return note.valeur if question.minimum <= note.valeur <= question.maximum else None


def questions_posees(sections: Iterable[SectionNotee], reponses: Reponses) -> dict[str, Question]:
    """Les questions posées, par code, dans l'ordre.

    Une condition se lit sur la note brute d'une question placée plus haut, elle-même posée. Si cette question n'est pas
    dans ces sections (campagne sur les étoilées), rien ne peut la remplir : la question est posée.
    """
    questions = [q for section in sections for q in section.questions]
    codes = {q.code for q in questions}
    posees: dict[str, Question] = {}
    for question in questions:
        if question.si_question in codes and question.si_au_moins is not None:
            source = posees.get(question.si_question)
            valeur = valeur_retenue(source, reponses) if source else None
            if valeur is None or valeur < question.si_au_moins:
                continue
        posees[question.code] = question
    return posees


def valeurs_retenues(sections: Iterable[SectionNotee], reponses: Reponses) -> dict[str, Valeur]:
    """Les notes brutes qui comptent, par code de question, dans l'ordre."""
    lues = {code: valeur_retenue(q, reponses) for code, q in questions_posees(sections, reponses).items()}
    return {code: valeur for code, valeur in lues.items() if valeur is not None}


def avancement(sections: Iterable[SectionNotee], reponses: Reponses) -> Avancement:
    """Où en est cette grille."""
    return avancer(questions_posees(sections, reponses).values(), reponses)


def avancer(posees: Iterable[Question], reponses: Reponses) -> Avancement:
    """Où en sont ces questions, toutes posées."""
    lues = list(posees)
    nb_sans_objet = sum(reponses.get(q.code, PAS_REPONDU).sans_objet for q in lues)
    nb_notees = sum(valeur_retenue(q, reponses) is not None for q in lues)
    return Avancement(nb_notees + nb_sans_objet, len(lues), nb_sans_objet)


def reduire(sections: Iterable[SectionNotee], codes: Iterable[str]) -> list[SectionNotee]:
    """Les mêmes sections, à ces seules questions ; chacune garde sa part du total."""
    gardes = set(codes)
    return [replace(s, questions=tuple(q for q in s.questions if q.code in gardes), entiere=s.part) for s in sections]


def sous_ensemble_etoile(sections: Sequence[SectionNotee]) -> list[SectionNotee]:
    """Les mêmes sections réduites aux questions étoilées, celles qu'on repose en fin de phase."""
    return reduire(sections, [q.code for s in sections for q in s.questions if q.etoilee])
