"""Routes des usages : kebab-case, noms `objet-action`, un bloc par agrégat."""

from django.urls import URLPattern, path

from usages.views import connexions, demandes_editeurs, precisions, preuves, releves

app_name = "usages"

urlpatterns: list[URLPattern] = [
    # --- relevés ---
    path("releves/<int:pk>/", releves.detail, name="releve-detail"),
    # --- précisions ---
    path("precisions/<int:pk>/", precisions.detail, name="precision-detail"),
    # --- connexions ---
    path("parcours/<int:pk>/connexions/", connexions.parcours, name="parcours-connexions"),
    path("parcours/<int:pk>/connexions/importer/", connexions.importer, name="connexions-import"),
    path("parcours/<int:pk>/connexions/heures/", connexions.reglage_horaires, name="connexions-horaires"),
    path("connexions/correspondances/<int:correspondance>/", connexions.relier, name="connexions-relier"),
    path("grappes/<int:pk>/connexions/", connexions.grappe, name="grappe-connexions"),
    # --- demandes aux éditeurs ---
    path("demandes-editeurs/<int:pk>/", demandes_editeurs.detail, name="demandeediteur-detail"),
    # --- preuves d'usage ---
    path("preuves/<int:pk>/", preuves.detail, name="preuveusage-detail"),
]
