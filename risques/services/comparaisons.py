"""Une évaluation face à celles d'avant et d'après, et à la médiane de la grappe ; refusée quand elle tromperait."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from math import ceil
from statistics import median

from programme.models import Utilisateur
from risques.ampleur import retourner_sections, se_lit_en_ampleur
from risques.comparaison import Comparaison, Passation, comparer, peut_comparer
from risques.dessins import tendance
from risques.echelle import arrondi
from risques.enums import PorteeCampagne
from risques.models import Evaluation, Grille
from risques.notation import noter
from risques.reponses import sous_ensemble_etoile
from risques.services.resultats import ResultatEvaluation, resultats_des

ESMS_POUR_UNE_MEDIANE = 5
"""En deçà, une médiane laisserait deviner un ESMS (conception §9.14)."""
RAPPROCHEMENTS = 4


@dataclass(frozen=True, slots=True)
class Rapprochement:
    """Une autre évaluation du même objet. `refus` : pourquoi elle ne se compare pas ; sinon `comparaison`.

    `avant`, `apres` : les deux, dans l'ordre des dates.
    """

    avant: ResultatEvaluation
    apres: ResultatEvaluation
    autre: Evaluation
    refus: str
    comparaison: Comparaison | None

    @property
    def nb_questions(self) -> int:
        """Sur combien de questions se fait la comparaison."""
        return len(self.comparaison.codes) if self.comparaison else 0


@dataclass(frozen=True, slots=True)
class Mediane:
    """La médiane des ESMS évalués de la campagne : leur nombre, le total et chaque section, arrondis."""

    nb: int
    total: int | None
    sections: tuple[int | None, ...]


def en_ampleur(lu: ResultatEvaluation) -> ResultatEvaluation:
    """Le même, tourné de l'autre bout : plus c'est haut, plus le changement est grand. Les réponses ne bougent pas."""
    sections = retourner_sections(lu.sections)
    grilles = [replace(g, sections=retourner_sections(g.sections)) for g in lu.grilles]
    resultat = None
    if lu.resultat is not None:
        resultat = noter(sections, lu.reponses, lu.evaluation.campagne.version_posee.total)
    return replace(lu, sections=sections, grilles=grilles, resultat=resultat)


def lire(evaluations: Collection[Evaluation]) -> dict[int, ResultatEvaluation]:
    """Leurs résultats, le pré-diagnostic en ampleur ; requêtes constantes."""
    lus = resultats_des(evaluations)
    return {
        cle: en_ampleur(lu) if se_lit_en_ampleur(lu.evaluation.campagne.version_posee.questionnaire.objet) else lu
        for cle, lu in lus.items()
    }


def autres_evaluations(evaluation: Evaluation, lecteur: Utilisateur) -> list[Evaluation]:
    """Celles du même objet, par le même questionnaire, que voit ce lecteur, moins celles où il doit encore répondre."""
    campagne = evaluation.campagne
    attendues = Grille.objects.attendues_de(lecteur)
    vues = Evaluation.objects.visibles_par(lecteur).filter(
        campagne__grappe=campagne.grappe_id,
        campagne__version_posee__questionnaire=campagne.version_posee.questionnaire_id,
        parcours=evaluation.parcours_id,
    )
    autres = vues.exclude(pk=evaluation.pk).exclude(pk__in=attendues.order_by().values("evaluation"))
    return list(autres.pour_lecture().order_by("campagne__creee_le", "pk"))


def passation_de(lu: ResultatEvaluation) -> Passation:
    """Ces réponses, prêtes à comparer. Une version d'une grappe ne se compare pas à celles de Treille."""
    campagne = lu.evaluation.campagne
    version = campagne.version_posee
    depuis = version.numero if version.comparable_depuis is None else version.comparable_depuis
    return Passation(
        questionnaire=f"{version.questionnaire.code}/{version.grappe_id or 'treille'}",
        numero=version.numero,
        comparable_depuis=depuis,
        sections=lu.sections,
        reponses=lu.reponses,
        total=version.total,
        etoilees_seules=campagne.etoilees,
    )


def rapprocher(lu: ResultatEvaluation, autres: Iterable[ResultatEvaluation]) -> list[Rapprochement]:
    """Face à chacune des autres qui ont un résultat, les plus récentes d'abord."""
    lues = [autre for autre in autres if autre.resultat and autre.le]
    if not lu.resultat or not lu.le:
        return []
    recentes = sorted(lues, key=lambda r: (r.le or date.min, r.evaluation.pk), reverse=True)[:RAPPROCHEMENTS]
    return [_rapprocher(lu, autre) for autre in recentes]


def _rapprocher(lu: ResultatEvaluation, autre: ResultatEvaluation) -> Rapprochement:
    avant, apres = sorted((lu, autre), key=lambda r: (r.le or date.min, r.evaluation.pk))
    une, deux = passation_de(avant), passation_de(apres)
    refus = peut_comparer(une, deux)
    return Rapprochement(avant, apres, autre.evaluation, refus, None if refus else comparer(une, deux))


def mediane_de(evaluation: Evaluation) -> Mediane | None:
    """Celle de sa campagne, à partir de cinq ESMS évalués ; None en deçà, ou si la grappe répond une fois."""
    campagne = evaluation.campagne
    if campagne.portee != PorteeCampagne.ESMS:
        return None
    toutes = Evaluation.objects.filter(campagne=campagne, parcours__isnull=False).pour_lecture()
    lus = [lu for lu in lire(list(toutes)).values() if lu.resultat is not None and lu.resultat.total is not None]
    if len(lus) < ESMS_POUR_UNE_MEDIANE:
        return None
    resultats = [lu.resultat for lu in lus if lu.resultat]
    par_section = zip(*(r.sections for r in resultats), strict=True)
    sections = tuple(_mediane([s.valeur for s in colonne]) for colonne in par_section)
    return Mediane(len(lus), _mediane([r.total for r in resultats]), sections)


def _mediane(valeurs: Sequence[Decimal | None]) -> int | None:
    lues = [v for v in valeurs if v is not None]
    return arrondi(median(lues)) if len(lues) >= ESMS_POUR_UNE_MEDIANE else None


def tendance_de(lu: ResultatEvaluation, autres: Iterable[ResultatEvaluation], titre: str) -> tendance.Tendance | None:
    """Les totaux comparables à celui-ci, dans l'ordre ; tous sur les seules étoilées si l'un ne pose qu'elles."""
    if not lu.resultat or lu.resultat.total is None:
        return None
    une = passation_de(lu)
    gardes = [a for a in autres if a.resultat and a.le and not peut_comparer(une, passation_de(a))]
    suite = sorted([lu, *gardes], key=lambda r: (r.le or date.min, r.evaluation.pk))
    etoilees = any(r.evaluation.campagne.etoilees for r in suite)
    sur = ceil(lu.resultat.sur)
    points = [p for p in (_point(r, etoilees, sur) for r in suite) if p]
    if len(points) < 2:
        return None
    return tendance.dessiner(
        points,
        titre=titre,
        minimum=0,
        maximum=sur,
        note="Sur les seules questions étoilées." if etoilees else "",
    )


def _point(lu: ResultatEvaluation, etoilees: bool, sur: int) -> tendance.Evaluation | None:
    """Un total, ramené à la même échelle que les autres : un « sans objet » en change le possible."""
    campagne = lu.evaluation.campagne
    sections = sous_ensemble_etoile(lu.sections) if etoilees else lu.sections
    part = noter(sections, lu.reponses, campagne.version_posee.total).fraction
    if part is None or lu.le is None:
        return None
    return tendance.Evaluation(lu.le, float(part) * sur, str(campagne.get_phase_display()))
