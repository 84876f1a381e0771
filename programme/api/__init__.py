"""API v1 du programme : mêmes périmètres, même porte et mêmes refus que les pages."""

from django.urls import path

from programme.api.annuaire import ListeEsms
from programme.api.grappes import LectureGrappe, ListeGrappes, PreparationGrappe
from programme.api.parcours import ConditionsParcours, LectureParcours, ListeParcours
from programme.api.passages import PassageGrappe, PassageOuverture, PassageParcours

routes = [
    path("esms/", ListeEsms.as_view(), name="esms-liste"),
    path("grappes/", ListeGrappes.as_view(), name="grappe-liste"),
    path("grappes/<int:pk>/", LectureGrappe.as_view(), name="grappe-detail"),
    path("grappes/<int:pk>/preparation/", PreparationGrappe.as_view(), name="grappe-preparation"),
    path("grappes/<int:pk>/transitions/", PassageGrappe.as_view(), name="grappe-transitions"),
    path("parcours/", ListeParcours.as_view(), name="parcours-liste"),
    path("parcours/<int:pk>/", LectureParcours.as_view(), name="parcours-detail"),
    path("parcours/<int:pk>/conditions/", ConditionsParcours.as_view(), name="parcours-conditions"),
    path("parcours/<int:pk>/transitions/", PassageParcours.as_view(), name="parcours-transitions"),
    path("ouvertures/<int:pk>/transitions/", PassageOuverture.as_view(), name="ouverture-transitions"),
]
