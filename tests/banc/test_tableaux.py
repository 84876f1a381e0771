"""Le tableau de bord de la plus grande grappe : quatre-vingts ESMS, vingt indicateurs, un an de relevés."""

import pytest
from django.urls import reverse

from programme.models import Parcours
from tests.banc.conftest import LePays
from tests.banc.mesures import mesurer, noter
from tests.usages.fabriques import IndicateurFactory, ce_mois
from tests.usages.tableaux.mondes import compter, relever


@pytest.mark.django_db
def test_la_carte_de_la_plus_grande_grappe(pays: LePays) -> None:
    indicateurs = IndicateurFactory.create_batch(20)
    siens = list(Parcours.objects.dans_le_projet().filter(grappe=pays.grappe))
    for parcours in siens:
        for recul in range(1, 13):
            relever(parcours, indicateurs, (parcours.pk * 7 % 41, 41), recul=recul)
    compter()
    client, url = pays.client("chef"), reverse("usages:grappe-tableau-de-bord", args=[pays.grappe])
    assert client.get(url).status_code == 200
    nom = f"carte de {len(siens)} ESMS × 20 indicateurs"
    noter("Tableaux de bord", nom, 1000 * mesurer(lambda: client.get(url)), maximum=150)
    compare = f"{url}?avec={ce_mois().dernieres(7)[0].code}"
    noter("Tableaux de bord", f"{nom}, deux périodes", 1000 * mesurer(lambda: client.get(compare)), maximum=200)
    lu = reverse("usages:parcours-tableau-de-bord", args=[siens[0].pk])
    noter("Tableaux de bord", "un ESMS, vingt courbes", 1000 * mesurer(lambda: client.get(lu)), maximum=150)
