"""À côté des visites : ce que dit le questionnaire des effets, dans les campagnes de l'étude."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count

from programme.models import Utilisateur
from risques.models import Campagne, Evaluation
from risques.services.resultats import ResultatEvaluation, resultats_des
from usages.models import Etude


@dataclass(frozen=True, slots=True)
class SectionLue:
    """Une section : sa moyenne, de 0 à 1, sur les ESMS qui y ont répondu ; None si aucun."""

    nom: str
    moyenne: Decimal | None
    reponses: int


@dataclass(frozen=True, slots=True)
class CampagneLue:
    """Une campagne : combien de résultats le lecteur en lit, sur combien d'ESMS interrogés, et chaque section."""

    campagne: Campagne
    lues: int
    interroges: int
    sections: list[SectionLue]


@dataclass(frozen=True, slots=True)
class QuestionnaireLu:
    """Les campagnes de l'étude. `fermees` : celles que le lecteur ne voit pas."""

    campagnes: list[CampagneLue]
    fermees: int


def lire_questionnaire(etude: Etude, lecteur: Utilisateur) -> QuestionnaireLu:
    """Ce que ce lecteur lit des campagnes de l'étude : les droits sont ceux des campagnes, l'étude n'en ouvre aucun.

    Nombre constant de requêtes.
    """
    choisies = etude.campagnes.order_by("pk")
    total = choisies.count()
    visibles = Campagne.objects.visibles_par(lecteur).filter(pk__in=choisies.order_by().values("pk"))
    vues = list(visibles.pour_lecture().order_by("pk"))
    if not vues:
        return QuestionnaireLu([], total)
    interroges = dict(
        Evaluation.objects.filter(campagne__in=vues).order_by().values_list("campagne").annotate(Count("pk"))
    )
    rendues = Evaluation.objects.rendues_a(lecteur).filter(campagne__in=vues)
    par_campagne: dict[int, list[ResultatEvaluation]] = defaultdict(list)
    for lu in resultats_des(rendues).values():
        if lu.resultat is not None:
            par_campagne[lu.evaluation.campagne_id].append(lu)
    lues = [
        CampagneLue(c, len(par_campagne[c.pk]), interroges.get(c.pk, 0), _sections(par_campagne[c.pk])) for c in vues
    ]
    return QuestionnaireLu(lues, total - len(vues))


def _sections(resultats: list[ResultatEvaluation]) -> list[SectionLue]:
    noms: dict[str, str] = {}
    fractions: dict[str, list[Decimal]] = defaultdict(list)
    for lu in resultats:
        for section in lu.resultat.sections if lu.resultat else ():
            noms.setdefault(section.code, section.nom)
            if section.fraction is not None:
                fractions[section.code].append(section.fraction)
    return [SectionLue(nom, _moyenne(fractions[code]), len(fractions[code])) for code, nom in noms.items()]


def _moyenne(fractions: list[Decimal]) -> Decimal | None:
    return sum(fractions, Decimal()) / len(fractions) if fractions else None
