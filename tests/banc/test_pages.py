"""Les pages d'ensemble : accueil, grappe de 80 ESMS, régions, carte."""

import pytest
from django.urls import NoReverseMatch, reverse

from programme.models import Parcours
from tests.banc.conftest import LePays
from tests.banc.mesures import noter
from tests.banc.test_listes import _duree, sql

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.banc.nues")]


@pytest.mark.parametrize("role", ["admin", "chef", "directeur", "ars"])
def test_accueil(pays: LePays, role: str) -> None:
    client = pays.client(role)
    nu = _duree(client, "/nue-projet/")
    noter("Pages", f"accueil, {role}", _duree(client, "/"), repere=nu, repere_nom="page nue", maximum=500)


def test_pages_d_ensemble(pays: LePays) -> None:
    client, brut = pays.client(), sql(Parcours.objects.filter(grappe=pays.grappe).order_by("pk"))
    grappe = f"/grappes/{pays.grappe}/"
    noter("Pages", "grappe de 80 ESMS", _duree(client, grappe), repere=brut, repere_nom="SQL brut", maximum=500)
    nu = _duree(client, "/nue-projet/")
    for nom in ("grappe-preparation", "grappe-calendrier", "grappe-tableau", "grappe-financement"):
        try:
            url = reverse(f"programme:{nom}", args=[pays.grappe])
        except NoReverseMatch:
            continue
        noter("Pages", f"grappe de 80 ESMS, {nom}", _duree(client, url), repere=nu, repere_nom="page nue", maximum=800)
    for nom in ("region-liste", "region-carte", "jalon-liste"):
        try:
            url = reverse(f"programme:{nom}")
        except NoReverseMatch:
            continue
        noter("Pages", nom, _duree(client, url), repere=nu, repere_nom="page nue", maximum=500)
    noter("Pages", "région", _duree(client, "/regions/84/"), repere=nu, repere_nom="page nue", rapport_max=5)
