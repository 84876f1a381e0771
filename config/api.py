"""Assemblage de l'API v1 : les routes de chaque app, et leur description."""

from django.urls import URLPattern, URLResolver, path, re_path
from drf_spectacular.views import SpectacularJSONAPIView

from formation import api as formation
from gouvernance import api as gouvernance
from programme import api as programme
from programme.socle.refus_api import Introuvable
from risques import api as risques
from usages import api as usages

app_name = "api"

urlpatterns: list[URLPattern | URLResolver] = [
    *programme.routes,
    *gouvernance.routes,
    *risques.routes,
    *formation.routes,
    *usages.routes,
    path("openapi.json", SpectacularJSONAPIView.as_view(), name="openapi"),
    # Avec barre finale seulement : sans elle, Django renvoie d'abord vers l'adresse qui en a une.
    re_path(r"^(?:.*/)?$", Introuvable.as_view(), name="introuvable"),
    # Un nom de fichier, lui, n'en a jamais.
    re_path(r"^(?P<chemin>.*\.\w+)$", Introuvable.as_view(), name="fichier-introuvable"),
]
