"""Assemblage des routes."""

from django.urls import URLPattern, URLResolver, include, path

from programme.views.sante import sante

urlpatterns: list[URLPattern | URLResolver] = [
    path("sante/", sante, name="sante"),
    path("", include("programme.urls")),
]
