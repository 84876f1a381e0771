"""Routes de l'API : couverture, droits d'accès."""

from django.urls import URLPattern

routes: list[URLPattern] = []
