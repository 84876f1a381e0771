"""Ce qu'un lecteur apprend des risques d'ESMS qu'il ne lit pas : un total de cinq ESMS au moins, jamais un nom.

Avec `programme.donnees_partagees`, les seules exceptions au périmètre (conception §9.14).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from programme.donnees_partagees import SEUIL
from programme.enums import EtatParcours
from programme.models import Grappe
from risques.criticite import Bornes, niveau
from risques.enums import CategorieRisque, NiveauRisque
from risques.models import LigneAnalyse
from risques.models.analyses import DITES


@dataclass(frozen=True, slots=True)
class Repartition:
    """Combien d'ESMS à chaque niveau, catégorie par catégorie, sur `nb` analyses transmises."""

    nb: int
    nombres: Mapping[CategorieRisque, Mapping[NiveauRisque, int]]


def analyses_des_autres(grappe: Grappe, lus: Collection[int], bornes: Bornes) -> Repartition | None:
    """La répartition des analyses transmises par les ESMS de la grappe hors `lus` (clés de parcours lus un à un).

    None en dessous de cinq : ni directement, ni par différence avec les siens, un total ne désigne quelqu'un. Une
    requête.
    """
    dites = LigneAnalyse.objects.filter(analyse__parcours__grappe=grappe, analyse__etat__in=DITES)
    dites = dites.exclude(analyse__parcours__etat=EtatParcours.SORTI).exclude(analyse__parcours__in=lus)
    nombres = {c: dict.fromkeys(NiveauRisque, 0) for c in CategorieRisque}
    esms = set()
    for cle, categorie, probabilite, impact in dites.order_by().values_list(
        "analyse__parcours", "categorie", "probabilite", "impact"
    ):
        esms.add(cle)
        if probabilite and impact:
            nombres[CategorieRisque(categorie)][niveau(probabilite * impact, bornes)] += 1
    return Repartition(len(esms), nombres) if len(esms) >= SEUIL else None
