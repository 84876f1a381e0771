"""Routes du programme : kebab-case, noms `objet-action`."""

from django.urls import path

from programme.views.provisoire import attente

app_name = "programme"

urlpatterns = [
    # --- accueil, parcours, passages (D) ---
    path("", attente, name="accueil"),
    path("parcours/<int:pk>/", attente, name="parcours-detail"),
    path("parcours/<int:pk>/modifier/", attente, name="parcours-modifier"),
    path("parcours/<int:pk>/faits/<str:nature>/", attente, name="parcours-fait"),
    path("passages/<slug:modele>/<int:pk>/<slug:transition>/", attente, name="passage"),
    # --- annuaire, listes, régions (A) ---
    path("annuaire/esms/<str:finess>/", attente, name="esms-detail"),
    path("annuaire/esms/", attente, name="esms-liste"),
    path("parcours/", attente, name="parcours-liste"),
    # --- grappes, périmètre (C) ---
    path("grappes/", attente, name="grappe-liste"),
    path("grappes/<int:pk>/", attente, name="grappe-detail"),
    path("grappes/<int:pk>/preparation/", attente, name="grappe-preparation"),
    # --- imports, travaux (B) ---
]
