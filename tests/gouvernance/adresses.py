"""Les pages de la gouvernance qu'un autre lot apporte, le temps de la fusion : sans elles, aucun lien ne se forme.

Chaque nom déjà servi par `gouvernance/urls.py` est laissé tel quel. Ce module ne sert plus à rien une fois tout réuni.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path

from gouvernance import urls


def _vide(request: HttpRequest, **_: Any) -> HttpResponse:
    return HttpResponse()


A_VENIR = {
    "seance-detail": "seances/<int:pk>/",
    "point-creer": "seances/<int:pk>/points/ajouter/",
    "decision-detail": "decisions/<int:pk>/",
    "decision-liste": "decisions/",
    "alerte-detail": "alertes/<int:pk>/",
    "alerte-liste": "alertes/",
    "instance-detail": "instances/<int:pk>/",
}
_connus = {route.name for route in urls.urlpatterns}
urls.urlpatterns += [path(route, _vide, name=nom) for nom, route in A_VENIR.items() if nom not in _connus]
