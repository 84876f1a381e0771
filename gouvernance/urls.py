"""Routes de la gouvernance : kebab-case, noms `objet-action`, un bloc par agrégat."""

from django.urls import URLPattern

app_name = "gouvernance"

urlpatterns: list[URLPattern] = []
