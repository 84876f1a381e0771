"""Emporter tout : CSV diffusé, XLSX ; le temps, et la mémoire du processus qui le sert."""

import csv
import io
from time import perf_counter

import pytest
from django.db import connection

from programme.models import Parcours
from tests.banc.conftest import LePays
from tests.banc.mesures import NB_PARCOURS, mesurer, noter
from tests.banc.serveur import serveur

COLONNES = (
    "esms__nom", "esms__finess", "esms__categorie__sigle", "esms__og__nom", "grappe__nom", "etat", "vague__numero",
    "prochaine_le",
)  # fmt: skip


def _brut() -> None:
    """Les mêmes colonnes, sans Treille : SQL et csv.writer."""
    sortie = csv.writer(io.StringIO(), delimiter=";")
    sortie.writerows(Parcours.objects.order_by("esms__tri", "pk").values_list(*COLONNES).iterator(2000))


@pytest.mark.django_db
def test_emporter(pays: LePays) -> None:
    repere = mesurer(_brut, fois=3)
    if connection.vendor != "postgresql":
        pytest.skip("le serveur du banc demande PostgreSQL")
    for format_, nom, options in (
        ("csv", f"CSV de {NB_PARCOURS} parcours, colonnes par défaut", {"maximum": 1.5}),
        ("csv&colonnes=finess,categorie,og,grappe,etat,vague,prochaine_date", "CSV, sans « reste à réunir »", {}),
    ):
        with serveur(pays.sessions["admin"]) as web:
            web.lire("/parcours/")
            avant = web.memoire_maximale()
            durees = []
            for _ in range(3):
                debut = perf_counter()
                corps = web.lire(f"/parcours/?format={format_}")
                durees.append(perf_counter() - debut)
            assert corps.count(b"\r\n") == NB_PARCOURS + 1
            duree, plus = sorted(durees)[1], web.memoire_maximale() - avant
        noter("Emporter", nom, duree, unite="s", repere=repere, repere_nom="SQL et csv.writer", **options)
        noter("Emporter", f"{nom} : mémoire en plus", plus, unite="Mo", maximum=30)
    with serveur(pays.sessions["admin"]) as web:
        debut = perf_counter()
        web.lire("/annuaire/esms/?format=csv")
        noter("Emporter", "CSV de l'annuaire", perf_counter() - debut, unite="s", repere=repere,
              repere_nom="SQL et csv.writer")  # fmt: skip
        web.lire("/grappes/")
        debut = perf_counter()
        web.lire("/grappes/?format=xlsx")
        noter("Emporter", "XLSX des grappes", perf_counter() - debut, unite="s")
