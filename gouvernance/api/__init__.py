"""Routes de l'API : instances, séances, décisions."""

from django.urls import URLPattern, path

from gouvernance.api.decisions import ListeDecisions

routes: list[URLPattern] = [
    path("decisions/", ListeDecisions.as_view(), name="decision-liste"),
]
