"""API v1 des questionnaires et des risques : mêmes périmètres et mêmes refus que les pages."""

from django.urls import URLPattern, path

from risques.api.grappes import RisquesGrappe, RisquesParcours
from risques.api.questionnaires import LectureQuestionnaire, ListeQuestionnaires

routes: list[URLPattern] = [
    path("questionnaires/", ListeQuestionnaires.as_view(), name="questionnaire-liste"),
    path("questionnaires/<slug:code>/", LectureQuestionnaire.as_view(), name="questionnaire-detail"),
    path("parcours/<int:pk>/risques/", RisquesParcours.as_view(), name="parcours-risques"),
    path("grappes/<int:pk>/risques/", RisquesGrappe.as_view(), name="grappe-risques"),
]
