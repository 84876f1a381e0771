"""Le pays en entier, posé une fois pour toutes les mesures : 34 000 ESMS, 1 120 grappes, 25 000 parcours."""

import random
from collections.abc import Callable, Iterator
from datetime import date
from time import perf_counter
from typing import Any

import pytest
from django.db import connection

from programme.enums import FRISE_PARCOURS, NatureFait
from programme.models import Categorie, Esms, Fait, Grappe, OrganismeGestionnaire, Parcours, Vague
from tests.fabriques import CategorieFactory, DepartementFactory, SolutionFactory, UtilisateurFactory

NB_ESMS, NB_GRAPPES, NB_PARCOURS = 34_000, 1_120, 25_000


def mesurer(geste: Callable[[], Any], *, fois: int = 5) -> float:
    """Médiane de la durée du geste, en secondes, après un tour à blanc."""
    geste()
    durees = []
    for _ in range(fois):
        debut = perf_counter()
        geste()
        durees.append(perf_counter() - debut)
    return sorted(durees)[fois // 2]


def dire(sujet: str, valeur: float, repere: float, limite: str) -> None:
    """Une ligne par mesure : la valeur, le repère physique, le rapport, ce qu'on vise."""
    rapport = f"{valeur * 1000:.0f} ms, repère {repere * 1000:.1f} ms, {valeur / repere:.1f} ×"
    print(f"\n  {sujet} : {rapport} (visé : {limite})")


def _esms(hasard: random.Random, categories: list[Categorie], departement: Any) -> list[Esms]:
    lignes = []
    for rang in range(NB_ESMS):
        esms = Esms(
            finess=f"{rang:09d}",
            nom=f"Établissement d'essai {rang}",
            categorie=hasard.choice(categories),
            departement=departement,
            ville=f"Ville {rang % 900}",
        )
        esms.preparer_recherche()
        lignes.append(esms)
    return Esms.objects.bulk_create(lignes, batch_size=2000)


@pytest.fixture(scope="session")
def pays(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """Données d'échelle nationale, déterministes, effacées à la fin avec la base de test."""
    with django_db_blocker.unblock():
        hasard = random.Random(1)
        categories = [CategorieFactory(code=c, sigle=c, secteur="PA") for c in ("500", "183", "246", "354")]
        departement, solution, par = DepartementFactory(), SolutionFactory(), UtilisateurFactory()
        og = OrganismeGestionnaire.objects.create(nom="OG d'essai")
        esms = _esms(hasard, categories, departement)
        Esms.objects.update(og=og)
        grappes = Grappe.objects.bulk_create([Grappe(nom=f"Grappe {n}", solution=solution) for n in range(NB_GRAPPES)])
        vagues = Vague.objects.bulk_create([Vague(grappe=g, numero=1) for g in grappes])
        parcours = Parcours.objects.bulk_create(
            [
                Parcours(esms=e, grappe=grappes[n % NB_GRAPPES], solution=solution, vague=vagues[n % NB_GRAPPES])
                for n, e in enumerate(esms[:NB_PARCOURS])
            ],
            batch_size=2000,
        )
        faits = [
            Fait(parcours=p, nature=nature, date=date(2026, 1, 1), saisi_par=par)
            for p in parcours
            for nature in NatureFait.values
            if hasard.random() < 0.4
        ]
        Fait.objects.bulk_create(faits, batch_size=5000)
        # Écriture brute : le banc mesure la lecture, pas la porte.
        with connection.cursor() as curseur:
            for rang, etat in enumerate(FRISE_PARCOURS):
                curseur.execute(
                    "UPDATE programme_parcours SET etat = %s WHERE id %% %s = %s", [etat, len(FRISE_PARCOURS), rang]
                )
            curseur.execute("ANALYZE")
        yield {"esms": esms, "grappes": grappes, "parcours": parcours, "par": par, "nb_faits": len(faits)}
