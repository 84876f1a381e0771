"""Préparation de 25 000 parcours : combien de temps pour savoir ce qui reste à réunir partout ?"""

from typing import Any

import pytest

from programme.models import Parcours
from programme.models.parcours import SUITES
from programme.socle.conditions import evaluer, evaluer_suites
from tests.banc.conftest import NB_PARCOURS, dire, mesurer


@pytest.mark.django_db
def test_preparation_de_tout_le_pays(pays: dict[str, Any]) -> None:
    repere = mesurer(lambda: list(Parcours.objects.values_list("pk", "etat", "grappe_id")))
    duree = mesurer(lambda: evaluer_suites(Parcours.objects.all(), SUITES), fois=3)
    dire(f"prochain passage de {NB_PARCOURS} parcours", duree, repere, "≤ 1 500 ms")
    duree = mesurer(lambda: evaluer(Parcours.objects.all(), "preparer"), fois=3)
    dire(f"un même passage pour {NB_PARCOURS} parcours", duree, repere, "≤ 1 500 ms")
