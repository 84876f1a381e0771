"""Une évaluation face à celles d'avant et d'après ; refusée quand la comparaison tromperait."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from math import ceil

from programme.models import Utilisateur
from risques.calculs.ampleur import retourner_sections, se_lit_en_ampleur
from risques.calculs.comparaison import Comparaison, Passation, comparer, peut_comparer
from risques.calculs.notation import noter
from risques.calculs.reponses import sous_ensemble_etoile
from risques.dessins import tendance
from risques.models import Evaluation
from risques.services.resultats import ResultatEvaluation, resultats_des

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
    """Celles du même objet, par le même questionnaire, dont ce lecteur lit le résultat."""
    campagne = evaluation.campagne
    vues = Evaluation.objects.rendues_a(lecteur).filter(
        campagne__grappe=campagne.grappe_id,
        campagne__version_posee__questionnaire=campagne.version_posee.questionnaire_id,
        parcours=evaluation.parcours_id,
    )
    return list(vues.exclude(pk=evaluation.pk).pour_lecture().order_by("campagne__creee_le", "pk"))


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
