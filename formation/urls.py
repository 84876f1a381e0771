"""Routes de la formation : kebab-case, noms `objet-action`, un bloc par agrégat."""

from django.urls import URLPattern, path

from formation.views import matrices, postes, professionnels, sessions

app_name = "formation"

urlpatterns: list[URLPattern] = [
    # --- professionnels et postes ---
    path(
        "parcours/<int:pk>/professionnels/",
        professionnels.ProfessionnelListe.as_view(),
        name="parcours-professionnels",
    ),
    path("parcours/<int:pk>/professionnels/ajouter/", professionnels.creer, name="professionnel-creer"),
    path("parcours/<int:pk>/professionnels/compter/", postes.compter, name="postes-compter"),
    path("parcours/<int:pk>/fiche-reflexe.pdf", professionnels.reflexe, name="parcours-reflexe-pdf"),
    path("professionnels/<int:pk>/", professionnels.detail, name="professionnel-detail"),
    path("professionnels/<int:pk>/modifier/", professionnels.modifier, name="professionnel-modifier"),
    path("professionnels/<int:pk>/donnees/", professionnels.donnees, name="professionnel-exporter"),
    path("professionnels/<int:pk>/effacer/", professionnels.effacer, name="professionnel-effacer"),
    path("professionnels/<int:pk>/postes/ajouter/", postes.creer, name="poste-creer"),
    path("postes/<int:pk>/modifier/", postes.modifier, name="poste-modifier"),
    path("postes/<int:pk>/sortie/", postes.clore, name="poste-clore"),
    path("postes/<int:pk>/retirer/", postes.retirer, name="poste-retirer"),
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
    # --- fichier de l'éditeur, « qui voit quoi » ---
    # --- comptes du DUI ---
]
