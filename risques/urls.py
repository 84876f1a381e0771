"""Routes des questionnaires et des risques : kebab-case, noms `objet-action`."""

from django.urls import URLPattern, path

from risques.views import questionnaires

app_name = "risques"

urlpatterns: list[URLPattern] = [
    # --- questionnaires et versions ---
    path("questionnaires/", questionnaires.QuestionnaireListe.as_view(), name="questionnaire-liste"),
    path("questionnaires/importer/", questionnaires.importer, name="questionnaire-importer"),
    path("questionnaires/<slug:code>/", questionnaires.detail, name="questionnaire-detail"),
    path("versions-questionnaires/<int:pk>/", questionnaires.version, name="versionquestionnaire-detail"),
    path("versions-questionnaires/<int:pk>/export.<str:forme>", questionnaires.export, name="version-export"),
    path("versions-questionnaires/<int:pk>/vierge.pdf", questionnaires.vierge, name="version-vierge"),
    # --- campagnes et évaluations ---
    # --- grilles de réponses ---
    # --- risques d'un ESMS : analyse locale, registre ---
    # --- risques d'une grappe : carte, barème, partages ---
]
