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
from risques.models import AnalyseLocale


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
