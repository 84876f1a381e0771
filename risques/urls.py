"""Routes des questionnaires et des risques : kebab-case, noms `objet-action`."""

from django.urls import URLPattern

app_name = "risques"

urlpatterns: list[URLPattern] = [
    # --- questionnaires et versions ---
    # --- campagnes et évaluations ---
    # --- grilles de réponses ---
    # --- risques d'un ESMS : analyse locale, registre ---
    # --- risques d'une grappe : carte, barème, partages ---
]
