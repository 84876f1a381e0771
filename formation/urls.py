"""Routes de la formation : kebab-case, noms `objet-action`, un bloc par agrégat."""

from django.urls import URLPattern, path

from formation.views import avis, bilans, changement, matrices, sessions

app_name = "formation"

urlpatterns: list[URLPattern] = [
    # --- professionnels et postes ---
    # --- import des professionnels ---
    # --- plan de formation ---
    # --- sessions ---
    path("sessions-formation/<int:pk>/", sessions.detail, name="sessionformation-detail"),
    # --- inscriptions et présences ---
    # --- avis, sans compte ---
    path("avis-formation/<uuid:jeton>/", avis.deposer, name="avis-deposer"),
    path("sessions-formation/<int:pk>/avis/", avis.session_avis, name="session-avis"),
    # --- couverture, arrivants ---
    # --- plan de changement ---
    path("parcours/<int:pk>/changement/", changement.parcours_changement, name="parcours-changement"),
    path("grappes/<int:pk>/changement/", changement.grappe_changement, name="grappe-changement"),
    path("parcours/<int:parcours>/changement/actions/ajouter/", changement.mesure_creer, name="mesure-creer"),
    path("grappes/<int:grappe>/changement/actions/ajouter/", changement.mesure_creer, name="mesure-creer"),
    path("actions-du-plan/<int:pk>/modifier/", changement.mesure_modifier, name="mesure-modifier"),
    path("parcours/<int:pk>/annonce/", changement.parcours_annonce, name="parcours-annonce"),
    path("parcours/<int:parcours>/objectifs/ajouter/", bilans.objectif_creer, name="objectif-creer"),
    path("grappes/<int:grappe>/objectifs/ajouter/", bilans.objectif_creer, name="objectif-creer"),
    path("objectifs/<int:pk>/modifier/", bilans.objectif_modifier, name="objectif-modifier"),
    path("objectifs/<int:pk>/retirer/", bilans.objectif_retirer, name="objectif-retirer"),
    path("parcours/<int:pk>/bilan/", bilans.parcours_bilan, name="parcours-bilan"),
    path("bilans-du-changement/<int:pk>/", bilans.bilan_detail, name="bilan-detail"),
    # --- profils et matrices ---
    path("matrices/<int:pk>/", matrices.detail, name="matrice-detail"),
    # --- fichier de l'éditeur, « qui voit quoi » ---
    # --- comptes du DUI ---
]
