"""Relire tout le journal du pays."""

from io import StringIO
from time import perf_counter

import pytest
from django.core.management import call_command

from programme.socle.models import Passage
from tests.banc.conftest import LePays
from tests.banc.mesures import mesurer, noter


@pytest.mark.django_db
def test_relire_le_journal(pays: LePays) -> None:
    def brut() -> None:
        for _ in Passage.objects.order_by("pk").values_list().iterator(2000):
            pass

    debut = perf_counter()
    call_command("verifier_journal", stdout=StringIO())
    duree = perf_counter() - debut
    repere = mesurer(brut, fois=1)
    noter("Génération", f"verifier_journal, {Passage.objects.count()} passages", duree, unite="s", repere=repere,
          repere_nom="lire les mêmes lignes", maximum=60)  # fmt: skip
