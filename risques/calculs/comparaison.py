"""Comparer deux passations : seulement ce qui se compare, et sur les mêmes questions. Module pur."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from risques.calculs.echelle import Question, QuestionNotee, retourner, sens_connu
from risques.calculs.notation import Resultat, noter
from risques.calculs.reponses import (
    Note,
    Reponses,
    SectionNotee,
    questions_posees,
    reduire,
    sous_ensemble_etoile,
    valeurs_retenues,
)


class ComparaisonRefusee(ValueError):
    """Deux passations qui ne se comparent pas ; le message dit pourquoi, et se lit à l'écran."""


@dataclass(frozen=True, slots=True)
class Passation:
    """Des réponses à une version d'un questionnaire. `comparable_depuis` : plus ancien numéro auquel elle se compare.

    `etoilees_seules` : on n'a posé que les questions étoilées ; `total` : comme dans `noter`.
    """

    questionnaire: str
    numero: int
    comparable_depuis: int
    sections: Sequence[SectionNotee]
    reponses: Reponses
    total: int | None = None
    etoilees_seules: bool = False

    @property
    def portee(self) -> Sequence[SectionNotee]:
        """Les sections, réduites à ce qu'on a demandé."""
        return sous_ensemble_etoile(self.sections) if self.etoilees_seules else self.sections

    @property
    def questions(self) -> dict[str, Question]:
        """Les questions demandées, par code, dans l'ordre."""
        return {q.code: q for section in self.portee for q in section.questions}

    @property
    def sens_connu(self) -> bool:
        """On sait ce que dit une note haute, à chaque question."""
        return all(sens_connu(q) for q in self.questions.values())


@dataclass(frozen=True, slots=True)
class EcartSection:
    """Une section avant, après. `ecart` : après − avant, en maîtrise, None si l'une des deux ne se lit pas."""

    code: str
    nom: str
    avant: int | None
    apres: int | None

    @property
    def ecart(self) -> int | None:
        """Différence des valeurs affichées : celle qu'on refait de tête."""
        return None if self.avant is None or self.apres is None else self.apres - self.avant


@dataclass(frozen=True, slots=True)
class Comparaison:
    """Deux résultats refaits sur les mêmes questions (`codes`), dans le cadre de la seconde passation."""

    codes: tuple[str, ...]
    avant: Resultat
    apres: Resultat

    @property
    def sections(self) -> tuple[EcartSection, ...]:
        """Les sections qui ont une question comparée."""
        return tuple(
            EcartSection(a.code, a.nom, a.affiche, b.affiche)
            for a, b in zip(self.avant.sections, self.apres.sections, strict=True)
            if b.n
        )

    @property
    def ecart(self) -> int | None:
        """Écart des totaux affichés ; positif : la maîtrise a progressé."""
        return EcartSection("", "", self.avant.affiche, self.apres.affiche).ecart

    @property
    def ecart_exact(self) -> Decimal | None:
        """Écart des totaux avant arrondi."""
        if self.avant.total is None or self.apres.total is None:
            return None
        return self.apres.total - self.avant.total


def questions_communes(une: Passation, autre: Passation) -> tuple[str, ...]:
    """Codes demandés des deux côtés sur la même échelle, dans l'ordre d'`autre` ; les étoilées si l'une s'y limite."""
    siennes = une.questions
    return tuple(
        code
        for code, q in autre.questions.items()
        if code in siennes and (siennes[code].minimum, siennes[code].maximum) == (q.minimum, q.maximum)
    )


def peut_comparer(une: Passation, autre: Passation) -> str:
    """Pourquoi on ne compare pas ces deux passations, en une phrase ; vide si elles se comparent."""
    if une.questionnaire != autre.questionnaire:
        return "Ces réponses viennent de deux questionnaires différents : elles ne se comparent pas."
    ancienne, recente = sorted((une, autre), key=lambda p: p.numero)
    for passation in (ancienne, recente):
        if not passation.sens_connu:
            return (
                f"Le sens de la version {passation.numero} n'est pas connu : dites ce que vaut une note haute avant de "
                "comparer."
            )
    depuis = min(recente.comparable_depuis, recente.numero)
    if ancienne.numero < depuis:
        return (
            f"La version {recente.numero} n'est pas déclarée comparable à la version {ancienne.numero} : elle ne se "
            f"compare qu'à partir de la version {depuis}."
        )
    attendues, lues = _applicables(une, autre), _comparees(une, autre)
    if not lues:
        return "Aucune question commune n'est répondue des deux côtés : il n'y a rien à comparer."
    if 2 * len(lues) < len(attendues):
        return (
            "Moins de la moitié des questions communes sont répondues des deux côtés "
            f"({len(lues)} sur {len(attendues)}) : complétez les réponses avant de comparer."
        )
    return ""


def comparer(avant: Passation, apres: Passation) -> Comparaison:
    """Note les deux passations sur les seules questions répondues et applicables des deux côtés.

    Sections, poids et total sont ceux d'`apres` : seules les réponses diffèrent. Lève ComparaisonRefusee.
    """
    if refus := peut_comparer(avant, apres):
        raise ComparaisonRefusee(refus)
    codes = _comparees(avant, apres)
    cadre = _cadre(apres, codes)
    return Comparaison(
        codes=codes,
        avant=noter(cadre, _dans_le_cadre(avant, apres, codes), apres.total),
        apres=noter(cadre, _dans_le_cadre(apres, apres, codes), apres.total),
    )


def _applicables(une: Passation, autre: Passation) -> tuple[str, ...]:
    """Les questions communes qu'il fallait répondre des deux côtés : posées, et sans objet pour personne."""
    cotes = [(questions_posees(p.portee, p.reponses), p.reponses) for p in (une, autre)]
    return tuple(
        code
        for code in questions_communes(une, autre)
        if all(code in posees and not reponses.get(code, Note()).sans_objet for posees, reponses in cotes)
    )


def _comparees(une: Passation, autre: Passation) -> tuple[str, ...]:
    """Les questions communes répondues et applicables des deux côtés."""
    cotes = [valeurs_retenues(p.portee, p.reponses) for p in (une, autre)]
    return tuple(code for code in questions_communes(une, autre) if all(code in valeurs for valeurs in cotes))


def _cadre(passation: Passation, codes: Sequence[str]) -> list[SectionNotee]:
    """Ses sections, à ces questions, sans condition : ce qui est posé a déjà été jugé, chaque côté selon sa version."""
    return [
        replace(s, questions=tuple(QuestionNotee(q.code, q.minimum, q.maximum, q.sens, q.poids) for q in s.questions))
        for s in reduire(passation.sections, codes)
    ]


def _dans_le_cadre(passation: Passation, cadre: Passation, codes: Sequence[str]) -> dict[str, Note]:
    """Les notes de ces questions, retournées là où le sens n'est pas celui du cadre."""
    valeurs = valeurs_retenues(passation.portee, passation.reponses)
    siennes, voulues = passation.questions, cadre.questions
    return {
        code: Note(
            valeurs[code] if siennes[code].sens == voulues[code].sens else retourner(siennes[code], valeurs[code])
        )
        for code in codes
    }
