"""Routes de l'API : indicateurs, relevés, agrégats."""

from django.urls import URLPattern, path

from usages.api.agregats import ListeAgregats

routes: list[URLPattern] = [
    path("agregats/", ListeAgregats.as_view(), name="agregat-liste"),
]
