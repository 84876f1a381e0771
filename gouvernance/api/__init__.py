"""Routes de l'API : instances, séances, décisions."""

from django.urls import URLPattern

routes: list[URLPattern] = []
