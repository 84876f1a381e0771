"""Routes des questionnaires et des risques : kebab-case, noms `objet-action`."""

from django.urls import URLPattern, path

from risques.views import campagnes, evaluations

app_name = "risques"

urlpatterns: list[URLPattern] = [
    # --- questionnaires et versions ---
    # --- campagnes et évaluations ---
    path("campagnes/", campagnes.CampagneListe.as_view(), name="campagne-liste"),
    path("grappes/<int:pk>/campagnes/ajouter/", campagnes.creer, name="campagne-creer"),
    path("campagnes/<int:pk>/", campagnes.detail, name="campagne-detail"),
    path("campagnes/<int:pk>/modifier/", campagnes.modifier, name="campagne-modifier"),
    path("evaluations/<int:pk>/", evaluations.detail, name="evaluation-detail"),
    path("evaluations/<int:pk>/evaluateurs/", evaluations.designer, name="evaluation-designer"),
    path("evaluations/<int:pk>/consensus/", evaluations.consensus, name="evaluation-consensus"),
    # --- grilles de réponses ---
    # --- risques d'un ESMS : analyse locale, registre ---
    # --- risques d'une grappe : carte, barème, partages ---
]
