"""Routes de l'API : instances, séances, décisions."""

from django.urls import URLPattern, path

from gouvernance.api.instances import ListeInstances

routes: list[URLPattern] = [
    path("instances/", ListeInstances.as_view(), name="instance-liste"),
]
