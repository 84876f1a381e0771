"""Une page de liste face à une page Django nue des mêmes lignes, sous les mêmes intergiciels."""

from functools import partial
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from programme.enums import Role
from programme.models import Esms, Parcours
from tests.aides import connecte
from tests.banc.conftest import NB_ESMS, NB_PARCOURS, dire, mesurer
from tests.fabriques import affecter

GABARIT = """<!doctype html><html lang="fr"><head><title>Nue</title></head><body><table>
{% for e in page %}<tr><td>{{ e.nom }}</td><td>{{ e.finess }}</td><td>{{ e.categorie.sigle }}</td>
<td>{{ e.og.nom }}</td><td>{{ e.ville }}</td><td>{{ e.departement.nom }}</td></tr>{% endfor %}
</table><p>{{ page.paginator.count }}</p></body></html>"""


def nue(request: HttpRequest) -> HttpResponse:
    """Ce que coûterait la même page sans rien de ce qui en fait une liste."""
    esms = Esms.objects.filter(est_actif=True).select_related("categorie", "og", "departement").order_by("tri", "pk")
    page = Paginator(esms, 50).get_page(request.GET.get("page"))
    return HttpResponse(engines["django"].from_string(GABARIT).render({"page": page}, request))


def nue_du_projet(request: HttpRequest) -> HttpResponse:
    """La même page nue, sur les lignes de la liste des parcours."""
    parcours = Parcours.objects.select_related("esms__categorie", "esms__og", "esms__departement", "grappe", "vague")
    page = Paginator(parcours.order_by("esms__tri", "pk"), 50).get_page(request.GET.get("page"))
    gabarit = GABARIT.replace("e.", "e.esms.")
    return HttpResponse(engines["django"].from_string(gabarit).render({"page": page}, request))


urlpatterns = [path("nue/", nue), path("nue-projet/", nue_du_projet), path("", include("config.urls"))]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_pages_de_liste(pays: dict[str, Any]) -> None:
    client = connecte(affecter(Role.ADMIN))
    repere = mesurer(lambda: client.get("/nue/"), fois=15)
    repere_projet = mesurer(lambda: client.get("/nue-projet/"), fois=15)
    pages = {
        f"annuaire de {NB_ESMS} ESMS": "/annuaire/esms/",
        "annuaire, fragment d'une recherche": "/annuaire/esms/?recherche=essai+77",
        "annuaire, page du milieu": "/annuaire/esms/?page=340",
        "annuaire, dernière page": "/annuaire/esms/?page=9999",
        f"projet, {NB_PARCOURS} parcours": "/parcours/",
        "projet, trié par état": "/parcours/?tri=-etat",
        "projet, trié par date": "/parcours/?tri=prochaine_date",
        "régions": "/regions/",
    }
    for sujet, url in pages.items():
        entetes = {"HX-Request": "true", "HX-Target": "resultats"} if "fragment" in sujet else {}
        nu = repere_projet if sujet.startswith("projet") else repere
        dire(sujet, mesurer(partial(client.get, url, headers=entetes), fois=9), nu, "≤ 5 ×")
    duree = mesurer(lambda: b"".join(client.get("/annuaire/esms/?export=csv")), fois=1)
    dire(f"export CSV de {NB_ESMS} lignes", duree, repere, "diffusé en flux")
