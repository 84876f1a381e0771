"""Préparation de 25 000 parcours : combien de temps pour savoir ce qui reste à réunir partout ?"""

import pytest

from programme.models import Parcours
from programme.models.parcours import SUITES
from programme.socle.conditions import evaluer, evaluer_suites
from tests.banc.conftest import LePays
from tests.banc.mesures import NB_PARCOURS, mesurer, noter


@pytest.mark.django_db
def test_preparation_de_tout_le_pays(pays: LePays) -> None:
    repere = 1000 * mesurer(lambda: list(Parcours.objects.values_list("pk", "etat", "grappe_id")))
    commun = {"repere": repere, "repere_nom": "lire les parcours", "maximum": 1_500}
    duree = 1000 * mesurer(lambda: evaluer_suites(Parcours.objects.all(), SUITES), fois=3)
    noter("Préparation", f"prochain passage de {NB_PARCOURS} parcours", duree, **commun)
    duree = 1000 * mesurer(lambda: evaluer(Parcours.objects.all(), "preparer"), fois=3)
    noter("Préparation", f"un même passage pour {NB_PARCOURS} parcours", duree, **commun)
