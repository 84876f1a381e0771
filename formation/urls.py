"""Routes de la formation : kebab-case, noms `objet-action`, un bloc par agrégat."""

from django.urls import URLPattern, path

from formation.views import habilitations, matrice_saisie, matrices, profils, sessions

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
    path("grappes/<int:pk>/droits-d-acces/", habilitations.grappe, name="grappe-habilitations"),
    path("grappes/<int:pk>/droits-d-acces/ouvrir/", matrices.creer, name="matrice-creer"),
    path("grappes/<int:pk>/profils/ajouter/", profils.creer, name="profil-creer"),
    path("profils/<int:pk>/modifier/", profils.modifier, name="profil-modifier"),
    path("profils/<int:pk>/retirer/", profils.retirer, name="profil-retirer"),
    path("parcours/<int:pk>/droits-d-acces/", habilitations.esms, name="parcours-habilitations"),
    path("parcours/<int:pk>/droits-d-acces/ouvrir/", matrices.creer_variante, name="matrice-creer-variante"),
    path("matrices/<int:pk>/", matrices.detail, name="matrice-detail"),
    path("matrices/<int:pk>/saisir/", matrice_saisie.saisir, name="matrice-saisir"),
    path("matrices/<int:pk>/raisons/", matrices.raisons, name="matrice-raison"),
    path("matrices/<int:pk>/differences/", matrices.differences, name="matrice-differences"),
    path("matrices/<int:pk>/suivre/", matrices.suivre, name="matrice-suivre"),
    path("matrices/<int:pk>/revoir/", matrices.revoir, name="matrice-revoir"),
    # --- fichier de l'éditeur, « qui voit quoi » ---
    # --- comptes du DUI ---
]
