"""Comparer et écrire : pas une requête de plus par ligne."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from formation.models import Poste, Professionnel
from tests.formation.import_professionnels.aides import csv_de, decor, importer, ligne

pytestmark = pytest.mark.django_db


def test_comparer_et_ecrire_ne_coutent_pas_par_ligne() -> None:
    d = decor()
    nombres = []
    importer(d, csv_de(ligne(d, 9000)))
    for debut, combien in ((1, 1), (100, 60)):
        contenu = csv_de(*[ligne(d, n) for n in range(debut, debut + combien)])
        with CaptureQueriesContext(connection) as captees:
            importer(d, contenu)
        nombres.append(len(captees))
    assert nombres[0] == nombres[1]
    assert (Professionnel.objects.count(), Poste.objects.count()) == (62, 62)
