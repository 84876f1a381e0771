"""Ce qu'un lecteur apprend des risques d'ESMS qu'il ne lit pas : un total, une médiane, de cinq d'entre eux au moins.

Avec `programme.donnees_partagees`, les seules exceptions au périmètre (conception §9.14).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from programme.calculs.masquage import SEUIL
from programme.enums import EtatParcours
from programme.models import Grappe, Utilisateur
from risques.calculs.criticite import Bornes, niveau
from risques.calculs.echelle import arrondi
from risques.enums import CategorieRisque, NiveauRisque, PorteeCampagne
from risques.models import AnalyseLocale, Evaluation
from risques.services import comparaisons


@dataclass(frozen=True, slots=True)
class Repartition:
    """Combien d'ESMS à chaque niveau, catégorie par catégorie, sur `nb` analyses transmises."""

    nb: int
    nombres: Mapping[CategorieRisque, Mapping[NiveauRisque, int]]


def analyses_des_autres(grappe: Grappe, lus: Collection[int], bornes: Bornes) -> Repartition | None:
    """La répartition des analyses transmises par les ESMS de la grappe hors `lus` (clés de parcours lus un à un).

    None en dessous de cinq : ni directement, ni par différence avec les siens, un total ne désigne quelqu'un. Trois
    requêtes.
    """
    dites = AnalyseLocale.objects.filter(parcours__grappe=grappe).transmises().avec_lignes()
    dites = dites.exclude(parcours__etat=EtatParcours.SORTI).exclude(parcours__in=lus)
    nombres = {c: dict.fromkeys(NiveauRisque, 0) for c in CategorieRisque}
    lues = list(dites)
    for ligne in (ligne for analyse in lues for ligne in analyse.lignes_transmises):
        if ligne.criticite:
            nombres[CategorieRisque(ligne.categorie)][niveau(ligne.criticite, bornes)] += 1
    return Repartition(len(lues), nombres) if len(lues) >= SEUIL else None


@dataclass(frozen=True, slots=True)
class Mediane:
    """La médiane des ESMS évalués de la campagne : leur nombre, le total et chaque section, arrondis."""

    nb: int
    total: int | None
    sections: tuple[int | None, ...]


def mediane_de(evaluation: Evaluation, lecteur: Utilisateur) -> Mediane | None:
    """Celle de sa campagne, si cinq ESMS au moins ont répondu ; None sinon, ou si la grappe répond une fois.

    Cinq aussi parmi ceux dont ce lecteur ne lit pas le résultat, s'il en est : à quatre lus sur cinq, la médiane dirait
    le cinquième. Requêtes constantes.
    """
    campagne = evaluation.campagne
    if campagne.portee != PorteeCampagne.ESMS:
        return None
    toutes = Evaluation.objects.filter(campagne=campagne, parcours__isnull=False)
    siennes = set(toutes.rendues_a(lecteur).order_by().values_list("pk", flat=True))
    lues = comparaisons.lire(list(toutes.pour_lecture()))
    resultats = {cle: lu.resultat for cle, lu in lues.items() if lu.resultat and lu.resultat.total is not None}
    if not resultats:
        return None
    total = _mediane({cle: r.total for cle, r in resultats.items()}, siennes)
    if total is None:
        return None
    rangs = range(len(next(iter(resultats.values())).sections))
    par_section = ({cle: r.sections[rang].valeur for cle, r in resultats.items()} for rang in rangs)
    return Mediane(len(resultats), total, tuple(_mediane(colonne, siennes) for colonne in par_section))


def _mediane(valeurs: Mapping[int, Decimal | None], siennes: Collection[int]) -> int | None:
    """La médiane de ces valeurs par évaluation ; None en deçà du seuil, en tout ou parmi celles qu'on ne lit pas."""
    dites = {cle: v for cle, v in valeurs.items() if v is not None}
    des_autres = dites.keys() - set(siennes)
    if len(dites) < SEUIL or 0 < len(des_autres) < SEUIL:
        return None
    return arrondi(median(dites.values()))
