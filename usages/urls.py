"""Routes des usages : kebab-case, noms `objet-action`, un bloc par agrégat."""

from django.urls import URLPattern, path

from usages.views import demandes_editeurs, precisions, preuves, releves, semblables

app_name = "usages"

urlpatterns: list[URLPattern] = [
    # --- relevés ---
    path("releves/<int:pk>/", releves.detail, name="releve-detail"),
    # --- précisions ---
    path("precisions/<int:pk>/", precisions.detail, name="precision-detail"),
    # --- demandes aux éditeurs ---
    path("demandes-editeurs/<int:pk>/", demandes_editeurs.detail, name="demandeediteur-detail"),
    # --- comparaison à des semblables ---
    path("parcours/<int:pk>/semblables/", semblables.parcours, name="parcours-semblables"),
    # --- preuves d'usage ---
    path("preuves/<int:pk>/", preuves.detail, name="preuveusage-detail"),
]
