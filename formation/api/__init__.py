"""Routes de l'API : couverture, droits d'accès."""

from django.urls import URLPattern, path

from formation.api.couverture import CouvertureParcours

routes: list[URLPattern] = [
    path("parcours/<int:pk>/couverture/", CouvertureParcours.as_view(), name="parcours-couverture"),
]
