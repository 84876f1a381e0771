"""Routes de l'API : couverture, droits d'accès."""

from django.urls import URLPattern, path

from formation.api.couverture import CouvertureParcours
from formation.api.habilitations import HabilitationsParcours, HabilitationsXlsx

routes: list[URLPattern] = [
    path("parcours/<int:pk>/couverture/", CouvertureParcours.as_view(), name="parcours-couverture"),
    path("parcours/<int:pk>/habilitations/", HabilitationsParcours.as_view(), name="parcours-habilitations"),
    path("parcours/<int:pk>/habilitations.xlsx", HabilitationsXlsx.as_view(), name="parcours-habilitations-xlsx"),
]
