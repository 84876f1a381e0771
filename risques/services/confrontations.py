"""Regards croisés : ce que dit chaque regard, séparément, puis là où ils se rejoignent et là où ils s'écartent."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from programme.socle.nombres import nombre
from programme.socle.texte import en_phrase
from risques.calculs.dispersion import Confrontation, confronter, confronter_questions
from risques.calculs.notation import Resultat, noter
from risques.enums import ObjetQuestionnaire, Regard
from risques.services.resultats import GrilleLue, ResultatEvaluation, moyenne

CROISES = (ObjetQuestionnaire.PREDIAGNOSTIC, ObjetQuestionnaire.LEVIERS)
"""Ce qui se lit par regards : le pré-diagnostic, les leviers et griefs."""
D_ABORD = 10
"""Questions où l'on s'écarte que l'on montre d'abord."""
DEUX_EQUIPES = (Regard.TERRAIN, Regard.NUMERIQUE)


@dataclass(frozen=True, slots=True)
class Rang:
    """Une section ou une question : (regard, valeur) pour chacun, et le mot de l'écart ; vide si un seul en parle."""

    code: str
    texte: str
    valeurs: tuple[tuple[str, str], ...]
    mot: str = ""
    converge: bool = True
    entre: str = ""


@dataclass(frozen=True, slots=True)
class RegardsCroises:
    """Les regards face à face. `sections` : chacun séparément ; `questions` : les écarts, les plus grands d'abord.

    `accords` : sur combien des questions `confrontees` on se rejoint ; `ecartees` : sur combien on s'écarte.
    """

    regards: tuple[str, ...]
    sections: tuple[Rang, ...]
    totaux: tuple[tuple[str, str], ...]
    questions: tuple[Rang, ...]
    ecartees: int
    accords: int
    confrontees: int


def croiser(lu: ResultatEvaluation, enonces: Mapping[str, str]) -> RegardsCroises | None:
    """Les regards de cette évaluation, face à face ; None si moins de deux ont transmis.

    Leviers et griefs : le terrain et l'équipe numérique d'abord, s'ils ont tous deux répondu.
    """
    par_regard: dict[str, list[GrilleLue]] = defaultdict(list)
    for grille in lu.individuelles:
        par_regard[grille.grille.regard].append(grille)
    regards = [r for r in Regard.values if r in par_regard]
    objet = lu.evaluation.campagne.version_posee.questionnaire.objet
    if objet == ObjetQuestionnaire.LEVIERS and set(DEUX_EQUIPES) <= set(regards):
        regards = [str(r) for r in DEUX_EQUIPES]
    if len(regards) < 2:
        return None
    total = lu.evaluation.campagne.version_posee.total
    notes = {r: noter(lu.sections, moyenne(par_regard[r]), total) for r in regards}
    questions = confronter_questions(lu.sections, {r: [g.reponses for g in par_regard[r]] for r in regards})
    ecartees = sorted((c for c in questions if not c.converge), key=lambda c: -c.ecart)
    return RegardsCroises(
        regards=tuple(_nom(r) for r in regards),
        sections=tuple(_section(rang, notes, regards) for rang in range(len(lu.sections))),
        totaux=tuple((_nom(r), _ecrire(notes[r].affiche)) for r in regards),
        questions=tuple(_question(c, regards, enonces) for c in ecartees[:D_ABORD]),
        ecartees=len(ecartees),
        accords=len(questions) - len(ecartees),
        confrontees=len(questions),
    )


def _nom(regard: str) -> str:
    return str(Regard(regard).label)


def _moyenne(valeur: Decimal) -> str:
    return nombre(valeur, 0 if valeur == int(valeur) else 1)


def _ecrire(valeur: int | None) -> str:
    return "—" if valeur is None else nombre(valeur)


def _section(rang: int, notes: Mapping[str, Resultat], regards: Sequence[str]) -> Rang:
    lues = {r: notes[r].sections[rang] for r in regards}
    une = next(iter(lues.values()))
    vus = confronter(une.code, {r: [s.fraction] for r, s in lues.items() if s.fraction is not None})
    valeurs = tuple((_nom(r), _ecrire(s.affiche)) for r, s in lues.items())
    if vus is None:
        return Rang(une.code, une.nom, valeurs)
    return Rang(une.code, une.nom, valeurs, vus.mots, vus.converge, _entre(vus))


def _question(vue: Confrontation, regards: Sequence[str], enonces: Mapping[str, str]) -> Rang:
    valeurs = tuple((_nom(r), _moyenne(vue.moyennes[r]) if r in vue.moyennes else "—") for r in regards)
    return Rang(vue.code, enonces.get(vue.code, vue.code), valeurs, vue.mots, vue.converge, _entre(vue))


def _entre(vue: Confrontation) -> str:
    """Les deux regards les plus éloignés, le plus bas d'abord ; vide s'ils se rejoignent."""
    if vue.converge:
        return ""
    return f"{_nom(vue.bas)} plus bas, {en_phrase(_nom(vue.haut))} plus haut"
