"""La migration remplit les dates entretenues comme le ferait `rafraichir_dates`, et se défait."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from programme.models import Etape, Parcours
from programme.socle.porte import changer_etat
from tests.fabriques import ParcoursFactory, cheffe_de

migration = import_module("programme.migrations.0003_dates_du_parcours")


@pytest.mark.django_db
def test_remplir_puis_vider() -> None:
    avance, neuf, suspendu = ParcoursFactory(), ParcoursFactory(), ParcoursFactory()
    jour = timezone.localdate()
    changer_etat(
        avance, "constater", par=cheffe_de(avance.grappe), date_effet=jour - timedelta(days=9), vers="preparation"
    )
    changer_etat(suspendu, "suspendre", par=cheffe_de(suspendu.grappe), motif="travaux")
    for parcours in (avance, neuf, suspendu):
        Etape.objects.create(parcours=parcours, etat="routine", reference=jour + timedelta(days=30))
    attendus = list(Parcours.objects.order_by("pk").values_list("depuis_le", "prochaine_le"))
    migration.vider(apps, None)
    assert set(Parcours.objects.values_list("depuis_le", "prochaine_le")) == {(None, None)}
    migration.remplir(apps, None)
    assert list(Parcours.objects.order_by("pk").values_list("depuis_le", "prochaine_le")) == attendus
    assert not Parcours.objects.a_rafraichir().exists()
