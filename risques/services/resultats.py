"""Ce que disent des évaluations : de chaque grille transmise, et de l'ensemble, en requêtes constantes."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from django.db.models import Max, Prefetch

from risques.calculs.echelle import exact
from risques.calculs.notation import Resultat, noter
from risques.calculs.reponses import (
    PAS_REPONDU,
    Note,
    Reponses,
    SectionNotee,
    questions_posees,
    reduire,
    valeurs_retenues,
)
from risques.enums import NatureGrille
from risques.models import Campagne, Evaluation, Grille, Reponse, Section
from risques.models.grilles import TRANSMISES

MOYENNE = "moyenne"
"""D'où vient un résultat, faute de consensus et de réunion : la moyenne des réponses individuelles transmises."""


@dataclass(frozen=True, slots=True)
class GrilleLue:
    """Une grille et ce qu'elle répond. `sections` : celles qui lui sont confiées ; `le` : dernière transmission."""

    grille: Grille
    sections: list[SectionNotee]
    reponses: Reponses
    le: date | None

    @property
    def est_transmise(self) -> bool:
        """Vrai si ses réponses comptent."""
        return self.grille.etat in TRANSMISES


@dataclass(frozen=True, slots=True)
class ResultatEvaluation:
    """Ce que dit une évaluation.

    `nature` : consensus, réunion ou moyenne (des individuelles transmises) ; vide si rien n'est transmis, et `resultat`
    vaut alors None. `le` : jour de la dernière transmission qui compte. `grilles` : toutes, transmises ou non.
    """

    evaluation: Evaluation
    sections: list[SectionNotee]
    grilles: list[GrilleLue] = field(default_factory=list)
    nature: str = ""
    reponses: Reponses = field(default_factory=dict)
    resultat: Resultat | None = None
    le: date | None = None

    @property
    def individuelles(self) -> list[GrilleLue]:
        """Celles des personnes, transmises."""
        return [g for g in self.grilles if g.est_transmise and g.grille.nature == NatureGrille.INDIVIDUELLE]

    @property
    def nb_transmises(self) -> int:
        """Combien de grilles sont transmises."""
        return sum(g.est_transmise for g in self.grilles)


def resultats_des(evaluations: Iterable[Evaluation]) -> dict[int, ResultatEvaluation]:
    """Le résultat de chaque évaluation, par clé. Sept requêtes au plus, quel que soit leur nombre."""
    lues = list(evaluations)
    campagnes = _campagnes({e.campagne_id for e in lues})
    sections = {cle: campagne.sections_posees() for cle, campagne in campagnes.items()}
    par_evaluation: dict[int, list[GrilleLue]] = defaultdict(list)
    for grille in _grilles(lues, sections):
        par_evaluation[grille.grille.evaluation_id].append(grille)
    return {e.pk: _resultat(e, campagnes[e.campagne_id], sections[e.campagne_id], par_evaluation[e.pk]) for e in lues}


def resultat_de(evaluation: Evaluation) -> ResultatEvaluation:
    """Le résultat d'une évaluation."""
    return resultats_des([evaluation])[evaluation.pk]


def _campagnes(cles: Collection[int]) -> dict[int, Campagne]:
    en_sections = Prefetch("version_posee__sections", Section.objects.prefetch_related("questions"))
    lues = Campagne.objects.filter(pk__in=cles).select_related("version_posee__questionnaire", "grappe")
    return {c.pk: c for c in lues.prefetch_related(en_sections)}


def _grilles(evaluations: list[Evaluation], sections: dict[int, list[SectionNotee]]) -> Iterable[GrilleLue]:
    campagnes = {e.pk: e.campagne_id for e in evaluations}
    grilles = list(
        Grille.objects.filter(evaluation__in=list(campagnes))
        .select_related("evaluateur")
        .prefetch_related("sections")
        .annotate(transmise_le=Max("instantanes__le"))
        .order_by("pk")
    )
    notes: dict[int, dict[str, Note]] = defaultdict(dict)
    dites = Reponse.objects.filter(grille__evaluation__in=list(campagnes)).order_by()
    for cle, code, valeur, sans_objet in dites.values_list("grille", "question__code", "valeur", "sans_objet"):
        notes[cle][code] = Note(valeur, sans_objet)
    for grille in grilles:
        posees = sections[campagnes[grille.evaluation_id]]
        confiees = {s.code for s in grille.sections.all()}
        if confiees:
            posees = reduire(posees, [q.code for s in posees if s.code in confiees for q in s.questions])
        yield GrilleLue(grille, posees, notes[grille.pk], grille.transmise_le)


def _resultat(
    evaluation: Evaluation, campagne: Campagne, sections: list[SectionNotee], grilles: list[GrilleLue]
) -> ResultatEvaluation:
    for nature in (NatureGrille.CONSENSUS, NatureGrille.REUNION):
        retenue = next((g for g in grilles if g.est_transmise and g.grille.nature == nature), None)
        if retenue:
            return _avec(evaluation, campagne, sections, grilles, str(nature), retenue.reponses, retenue.le)
    siennes = [g for g in grilles if g.est_transmise and g.grille.nature == NatureGrille.INDIVIDUELLE]
    if not siennes:
        return ResultatEvaluation(evaluation, sections, grilles)
    le = max((g.le for g in siennes if g.le), default=None)
    return _avec(evaluation, campagne, sections, grilles, MOYENNE, moyenne(siennes), le)


def _avec(
    evaluation: Evaluation,
    campagne: Campagne,
    sections: list[SectionNotee],
    grilles: list[GrilleLue],
    nature: str,
    reponses: Reponses,
    le: date | None,
) -> ResultatEvaluation:
    resultat = noter(sections, reponses, campagne.version_posee.total)
    return ResultatEvaluation(evaluation, sections, grilles, nature, reponses, resultat, le)


def moyenne(grilles: Iterable[GrilleLue]) -> Reponses:
    """Une réponse par question : la moyenne des notes qui comptent ; sans objet si l'un le dit et personne n'a noté."""
    valeurs: dict[str, list[int | Fraction]] = defaultdict(list)
    sans_objet: set[str] = set()
    for grille in grilles:
        for code, valeur in valeurs_retenues(grille.sections, grille.reponses).items():
            valeurs[code].append(valeur)
        posees = questions_posees(grille.sections, grille.reponses)
        sans_objet |= {code for code in posees if grille.reponses.get(code, PAS_REPONDU).sans_objet}
    moyennes = {code: Note(sum(map(exact, lues), Fraction()) / len(lues)) for code, lues in valeurs.items()}
    return {code: Note(None, True) for code in sans_objet} | moyennes
