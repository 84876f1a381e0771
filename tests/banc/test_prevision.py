"""Prévoir la routine de tout le pays : relever les durées, puis simuler chaque ESMS du projet."""

from time import perf_counter

import pytest
from django.utils import timezone

from programme.models import Parcours
from programme.services.prevision import prevoir_chacun, prevoir_grappe, relever_durees
from tests.banc.conftest import LePays
from tests.banc.mesures import NB_PARCOURS, mesurer, noter


@pytest.mark.django_db
def test_prevoir_tout_le_pays(pays: LePays) -> None:
    au = timezone.localdate()
    debut = perf_counter()
    relever_durees(au=au)
    releve = perf_counter() - debut
    previsions = prevoir_chacun(Parcours.objects.pour_lecture(), au)
    noter("Prévision", f"relevé des durées de {NB_PARCOURS} parcours", releve, unite="s", maximum=20)
    tout = perf_counter() - debut
    noter("Prévision", f"prévision de {NB_PARCOURS} parcours, relevé compris", tout, unite="s", maximum=60)
    datees = sum(p.une_sur_deux is not None for p in previsions.values())
    noter("Prévision", "parcours qui ont une date", datees, unite="parcours")
    siens = Parcours.objects.filter(grappe=pays.grappe)
    duree = 1000 * mesurer(lambda: prevoir_grappe(siens.pour_lecture(), au))
    noter("Prévision", "grappe de 80 ESMS, ensemble", duree, maximum=300)
    un = siens.exclude(etat__in=("routine", "sorti", "suspendu")).pour_lecture()[:1]
    noter("Prévision", "un ESMS", 1000 * mesurer(lambda: prevoir_chacun(un.all(), au)), maximum=20)
