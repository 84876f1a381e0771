"""Routes de la formation : kebab-case, noms `objet-action`, un bloc par agrégat."""

from django.urls import URLPattern, path

from formation.views import constats, couverture, matrices, sessions

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
    path("grappes/<int:pk>/formation/", couverture.grappe, name="grappe-formation"),
    path("og/<int:pk>/formation/", couverture.og, name="og-formation"),
    path("regions/<str:code>/formation/", couverture.region, name="region-formation"),
    path("parcours/<int:pk>/formation/", couverture.parcours, name="parcours-formation"),
    path("parcours/<int:pk>/arrivants/", couverture.arrivants, name="parcours-arrivants"),
    path("parcours/<int:pk>/formation/constater/", constats.constater, name="acquis-constater"),
    path("acquis/<int:pk>/retirer/", constats.retirer, name="acquis-retirer"),
    # --- plan de changement ---
    # --- profils et matrices ---
    path("matrices/<int:pk>/", matrices.detail, name="matrice-detail"),
    # --- fichier de l'éditeur, « qui voit quoi » ---
    # --- comptes du DUI ---
]
