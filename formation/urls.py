"""Routes de la formation : kebab-case, noms `objet-action`, un bloc par agrégat."""

from django.urls import URLPattern, path

from formation.views import (
    comptes,
    fichier_editeur,
    habilitations,
    matrice_saisie,
    matrices,
    placements,
    profils,
    qui_voit_quoi,
    sessions,
)

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
    path("matrices/<int:pk>/matrice.xlsx", fichier_editeur.matrice_fichier, {"forme": "xlsx"}, name="matrice-xlsx"),
    path("matrices/<int:pk>/matrice.csv", fichier_editeur.matrice_fichier, {"forme": "csv"}, name="matrice-csv"),
    path("matrices/<int:pk>/importer/", fichier_editeur.matrice_import, name="matrice-import"),
    path("parcours/<int:pk>/qui-voit-quoi/", qui_voit_quoi.parcours_qui_voit_quoi, name="parcours-qui-voit-quoi"),
    path(
        "parcours/<int:pk>/qui-voit-quoi.pdf",
        qui_voit_quoi.parcours_qui_voit_quoi_pdf,
        name="parcours-qui-voit-quoi-pdf",
    ),
    path("parcours/<int:pk>/placements/", placements.parcours_placements, name="parcours-placements"),
    path(
        "parcours/<int:pk>/comptes-a-creer.xlsx",
        placements.parcours_placements_fichier,
        {"forme": "xlsx"},
        name="parcours-placements-xlsx",
    ),
    path(
        "parcours/<int:pk>/comptes-a-creer.csv",
        placements.parcours_placements_fichier,
        {"forme": "csv"},
        name="parcours-placements-csv",
    ),
    # --- comptes du DUI ---
    path("parcours/<int:pk>/comptes-dui/", comptes.parcours_comptes, name="parcours-comptes"),
    path("parcours/<int:pk>/comptes-dui/importer/", comptes.comptes_import, name="comptes-import"),
    path("comptes-dui/<int:pk>/rapprocher/", comptes.compte_rapprocher, name="compte-dui-rapprocher"),
    path("unites/<int:pk>/connexion/", comptes.unite_connexion, name="unite-connexion"),
]
