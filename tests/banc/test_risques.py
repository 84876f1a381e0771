"""Les risques du pays : 25 000 parcours agrégés, et la page d'une grappe de 80 ESMS."""

import pytest
from django.urls import reverse
from django.utils import timezone

from programme.enums import Role
from programme.models import Affectation, Parcours
from risques.services.agregats import agreger
from tests.banc.conftest import LePays
from tests.banc.mesures import NB_PARCOURS, mesurer, noter
from tests.banc.risques_du_pays import peupler


@pytest.mark.django_db
def test_agreger_tout_le_pays(pays: LePays) -> None:
    analyses, risques = peupler()
    admin = Affectation.objects.filter(role=Role.ADMIN).select_related("utilisateur")[0].utilisateur
    au = timezone.localdate()
    repere = 1000 * mesurer(lambda: list(Parcours.objects.values_list("pk", "etat", "grappe_id")))
    duree = 1000 * mesurer(lambda: agreger(admin, au))
    noter("Risques", f"{risques} risques et {analyses} analyses de {NB_PARCOURS} parcours, agrégés", duree,
          repere=repere, repere_nom="lire les parcours", maximum=1_000)  # fmt: skip
    lu = agreger(admin, au)
    assert lu.total == risques and lu.nb_transmises == analyses, "l'agrégat compte tout"
    client, url = pays.client("chef"), reverse("risques:grappe-risques", args=[pays.grappe])
    assert client.get(url).status_code == 200
    noter("Risques", "page d'une grappe de 80 ESMS", 1000 * mesurer(lambda: client.get(url)), maximum=500)
