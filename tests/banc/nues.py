"""Les pages nues : ce que Django seul mettrait à rendre les mêmes lignes, sous les mêmes intergiciels."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from programme.models import Esms, Grappe, Parcours, Utilisateur

GABARIT = """<!doctype html><html lang="fr"><head><title>Nue</title></head><body><table>
{% for e in page %}<tr><td>{{ e.nom }}</td><td>{{ e.finess }}</td><td>{{ e.categorie.sigle }}</td>
<td>{{ e.og.nom }}</td><td>{{ e.ville }}</td><td>{{ e.departement.nom }}</td></tr>{% endfor %}
</table><p>{{ page.paginator.count }}</p></body></html>"""
PARCOURS = GABARIT.replace("e.", "e.esms.").replace(
    "</td></tr>", "</td><td>{{ e.grappe.nom }}</td><td>{{ e.etat }}</td><td>{{ e.prochaine_le }}</td></tr>"
)
SIMPLE = """<!doctype html><html lang="fr"><head><title>Nue</title></head><body><table>
{% for o in page %}<tr><td>{{ o.pk }}</td><td>{{ o.nom }}</td></tr>{% endfor %}
</table><p>{{ page.paginator.count }}</p></body></html>"""


def _page(request: HttpRequest, lignes: Any, gabarit: str) -> HttpResponse:
    page = Paginator(lignes, 50).get_page(request.GET.get("page"))
    return HttpResponse(engines["django"].from_string(gabarit).render({"page": page}, request))


def annuaire(request: HttpRequest) -> HttpResponse:
    """Cinquante ESMS."""
    esms = Esms.objects.filter(est_actif=True).select_related("categorie", "og", "departement").order_by("tri", "pk")
    return _page(request, esms, GABARIT)


def parcours(request: HttpRequest) -> HttpResponse:
    """Cinquante parcours."""
    lignes = Parcours.objects.select_related("esms__categorie", "esms__og", "esms__departement", "grappe", "vague")
    return _page(request, lignes.order_by("esms__tri", "pk"), PARCOURS)


def grappes(request: HttpRequest) -> HttpResponse:
    """Cinquante grappes."""
    return _page(request, Grappe.objects.select_related("porteur", "region", "solution").order_by("tri", "pk"), SIMPLE)


def comptes(request: HttpRequest) -> HttpResponse:
    """Cinquante comptes."""
    return _page(request, Utilisateur.objects.order_by("nom", "pk"), SIMPLE)


urlpatterns = [
    path("nue/", annuaire),
    path("nue-projet/", parcours),
    path("nue-grappes/", grappes),
    path("nue-comptes/", comptes),
    path("", include("config.urls")),
]
