"""Routes de la formation : kebab-case, noms `objet-action`, un bloc par agrégat."""

from django.urls import URLPattern, path, re_path

from formation.views import import_professionnels, matrices, sessions

app_name = "formation"

urlpatterns: list[URLPattern] = [
    # --- professionnels et postes ---
    # --- import des professionnels ---
    # Un seul nom, deux départs : neuf caractères désignent un organisme, une clé désigne un ESMS.
    path(
        "parcours/<int:pk>/professionnels/importer/",
        import_professionnels.importer_depuis_un_esms,
        name="professionnels-import",
    ),
    re_path(
        r"^og/(?P<finess>[0-9AB]{9})/professionnels/importer/$",
        import_professionnels.importer,
        name="professionnels-import",
    ),
    re_path(
        r"^og/(?P<finess>[0-9AB]{9})/professionnels/feuille\.xlsx$",
        import_professionnels.rendre_la_feuille,
        name="professionnels-feuille",
    ),
    path("professionnels/importer/<int:correspondance>/", import_professionnels.relier, name="professionnels-relier"),
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
