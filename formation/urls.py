"""Routes de la formation : kebab-case, noms `objet-action`, un bloc par agrégat."""

from django.urls import URLPattern, path

from formation.views import matrices, sessions

app_name = "formation"

urlpatterns: list[URLPattern] = [
    # --- professionnels et postes ---
    # --- import des professionnels ---
    # --- plan de formation ---
    # --- sessions ---
    path("sessions-formation/<int:pk>/", sessions.detail, name="sessionformation-detail"),
    # --- inscriptions et présences ---
    # --- avis, sans compte ---
    # --- couverture, arrivants ---
    # --- plan de changement ---
    # --- profils et matrices ---
    path("matrices/<int:pk>/", matrices.detail, name="matrice-detail"),
    path("matrices/<int:pk>/saisir/", matrices.detail, name="matrice-saisir"),
    path("matrices/<int:pk>/raisons/", matrices.detail, name="matrice-raison"),
    # --- fichier de l'éditeur, « qui voit quoi » ---
    # --- comptes du DUI ---
]
