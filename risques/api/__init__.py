"""API v1 des questionnaires et des risques : mêmes périmètres et mêmes refus que les pages."""

from django.urls import URLPattern

routes: list[URLPattern] = []
