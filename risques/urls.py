"""Routes des questionnaires et des risques : kebab-case, noms `objet-action`."""

from django.urls import URLPattern, path

from risques.views import grilles, ressaisie

app_name = "risques"

urlpatterns: list[URLPattern] = [
    # --- questionnaires et versions ---
    # --- campagnes et évaluations ---
    # --- grilles de réponses ---
    path("grilles/<int:pk>/", grilles.grille_detail, name="grille-detail"),
    path("grilles/<int:pk>/reponses/<str:code>/", grilles.grille_repondre, name="grille-repondre"),
    path("grilles/<int:pk>/ressaisir/", ressaisie.grille_ressaisir, name="grille-ressaisir"),
    path("grilles/<int:pk>/grille.pdf", grilles.grille_pdf, name="grille-pdf"),
    # --- risques d'un ESMS : analyse locale, registre ---
    # --- risques d'une grappe : carte, barème, partages ---
]
