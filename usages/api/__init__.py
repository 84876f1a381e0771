"""Routes de l'API : indicateurs, relevés, agrégats."""

from django.urls import URLPattern

routes: list[URLPattern] = []
