"""Peupler le pays d'analyses et de risques, par lots : la génération est du tronc, qui ne connaît pas les risques."""

from datetime import timedelta
from random import Random

from django.db import connection
from django.utils import timezone

from programme.models import Affectation, Parcours
from risques.enums import CategorieRisque
from risques.models import AnalyseLocale, LigneAnalyse, Risque

PAQUET = 5_000
RISQUES_PAR_ESMS = 3


def peupler() -> tuple[int, int]:
    """Une analyse pour deux ESMS sur trois, trois risques par ESMS ; rend (analyses, risques). Le hasard est fixe."""
    hasard, au = Random(5), timezone.localdate()
    parcours = list(Parcours.objects.dans_le_projet().order_by("pk").values_list("pk", "grappe_id"))
    auteur = Affectation.objects.order_by("pk").values_list("utilisateur_id", flat=True)[0]
    analyses = AnalyseLocale.objects.bulk_create(
        [
            AnalyseLocale(parcours_id=cle, transmise_le=au - timedelta(days=hasard.randrange(400)))
            for cle, _ in parcours
            if hasard.random() < 2 / 3
        ],
        batch_size=PAQUET,
    )
    LigneAnalyse.objects.bulk_create(
        [
            LigneAnalyse(analyse=a, categorie=c, probabilite=hasard.randint(1, 4), impact=hasard.randint(1, 4))
            for a in analyses
            for c in CategorieRisque
        ],
        batch_size=PAQUET,
    )
    risques = Risque.objects.bulk_create(
        [_risque(hasard, cle, grappe, auteur) for cle, grappe in parcours for _ in range(RISQUES_PAR_ESMS)],
        batch_size=PAQUET,
    )
    with connection.cursor() as curseur:
        # Le banc mesure des lectures : cent mille passages par la porte n'y ajouteraient rien.
        curseur.execute(f"UPDATE {AnalyseLocale._meta.db_table} SET etat = 'transmise'")
        curseur.execute("ANALYZE")
    return len(analyses), len(risques)


def _risque(hasard: Random, parcours: int, grappe: int, auteur: int) -> Risque:
    libelle = f"Risque type {hasard.randrange(200)}"
    recote = hasard.random() < 0.4
    return Risque(
        parcours_id=parcours,
        grappe_id=grappe,
        libelle=libelle,
        tri=libelle.lower(),
        categorie=hasard.choice(CategorieRisque.values),
        probabilite=hasard.randint(1, 4),
        impact=hasard.randint(1, 4),
        probabilite_residuelle=hasard.randint(1, 4) if recote else None,
        impact_residuel=hasard.randint(1, 4) if recote else None,
        cree_par_id=auteur,
    )
