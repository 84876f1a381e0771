"""Routes de la gouvernance : kebab-case, noms `objet-action`, un bloc par agrégat."""

from django.urls import URLPattern, path

from gouvernance.views import decisions

app_name = "gouvernance"

urlpatterns: list[URLPattern] = [
    # --- décisions ---
    path("decisions/", decisions.DecisionListe.as_view(), name="decision-liste"),
    path("grappes/<int:pk>/decisions/ajouter/", decisions.creer, name="decision-creer"),
    path("decisions/<int:pk>/", decisions.detail, name="decision-detail"),
    path("decisions/<int:pk>/modifier/", decisions.modifier, name="decision-modifier"),
    path("decisions/<int:pk>/actions/ajouter/", decisions.ajouter_action, name="decision-action"),
    path("parcours/<int:pk>/decisions/", decisions.parcours_decisions, name="parcours-decisions"),
]
