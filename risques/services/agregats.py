"""Les risques d'un ensemble, comptés par la base : niveaux, catégories, âge des analyses. Une grappe ou le pays."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, CharField, Count, Q, Value, When

from programme.models import Grappe, Parcours, Utilisateur
from risques.dessins.chaleur import ANCIENNE
from risques.enums import CategorieRisque, NiveauRisque
from risques.models import AnalyseLocale, Risque
from risques.models.analyses import AnalyseLocaleQuerySet

RECENTE, VIEILLE, TUE = "recente", "ancienne", "sans"
"""L'âge d'une analyse : transmise depuis moins de six mois, depuis plus, ou pas (encore) transmise."""
_DU_PIRE = list(enumerate(NiveauRisque, 1))[::-1]


@dataclass(frozen=True, slots=True)
class Agregat:
    """Un ensemble de risques. `croises` : par catégorie puis niveau ; `ages` : ESMS par âge de leur analyse."""

    nb_esms: int
    croises: Mapping[CategorieRisque, Mapping[NiveauRisque, int]]
    ages: Mapping[str, int]

    @property
    def niveaux(self) -> dict[NiveauRisque, int]:
        """Risques ouverts par niveau, toutes catégories."""
        return {n: sum(self.croises[c][n] for c in CategorieRisque) for n in NiveauRisque}

    @property
    def par_niveau(self) -> list[tuple[int, NiveauRisque, int]]:
        """(rang de 1 à 4, niveau, risques ouverts), du plus grave au moins grave."""
        return [(rang, n, self.niveaux[n]) for rang, n in _DU_PIRE]

    @property
    def par_categorie(self) -> list[tuple[CategorieRisque, list[int]]]:
        """Par catégorie où il y en a : risques ouverts par niveau, dans l'ordre de `par_niveau`."""
        lues = [(c, [self.croises[c][n] for _, n in _DU_PIRE]) for c in CategorieRisque]
        return [(c, nombres) for c, nombres in lues if any(nombres)]

    @property
    def total(self) -> int:
        """Risques ouverts."""
        return sum(self.niveaux.values())

    @property
    def nb_transmises(self) -> int:
        """Analyses transmises."""
        return self.ages[RECENTE] + self.ages[VIEILLE]


def agreger(par: Utilisateur, au: date, grappe: Grappe | None = None) -> Agregat:
    """Ce que ce lecteur voit de tout le pays, ou d'une grappe. Trois requêtes, quel que soit le nombre d'ESMS."""
    risques = Risque.objects.visibles_par(par).ouverts()
    analyses = AnalyseLocale.objects.visibles_par(par).transmises()
    esms = Parcours.objects.lisibles_par(par).dans_le_projet()
    if grappe:
        risques, analyses = risques.filter(grappe=grappe), analyses.filter(parcours__grappe=grappe)
        esms = esms.filter(grappe=grappe)
    croises = {c: dict.fromkeys(NiveauRisque, 0) for c in CategorieRisque}
    lignes = risques.avec_niveau().order_by().values_list("categorie", "niveau").annotate(nb=Count("pk"))
    for categorie, niveau, nb in lignes:
        croises[CategorieRisque(categorie)][NiveauRisque(niveau)] = nb
    nb_esms = esms.count()
    ages = _ages(analyses, au)
    return Agregat(nb_esms, croises, ages | {TUE: max(nb_esms - sum(ages.values()), 0)})


def _ages(analyses: AnalyseLocaleQuerySet, au: date) -> dict[str, int]:
    limite = au - timedelta(days=ANCIENNE)
    age = Case(When(Q(transmise_le__lt=limite), then=Value(VIEILLE)), default=Value(RECENTE), output_field=CharField())
    lus = dict(analyses.annotate(age=age).order_by().values_list("age").annotate(nb=Count("pk")))
    return {RECENTE: lus.get(RECENTE, 0), VIEILLE: lus.get(VIEILLE, 0)}
