"""Routes des usages : kebab-case, noms `objet-action`, un bloc par agrégat."""

from django.urls import URLPattern, path

from usages.views import demandes_editeurs, precisions, preuves, releves, semblables
from usages.views.tableaux import pages as tableaux

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
    # --- tableaux de bord ---
    path("parcours/<int:pk>/tableau-de-bord/", tableaux.parcours, name="parcours-tableau-de-bord"),
    path("grappes/<int:pk>/tableau-de-bord/", tableaux.grappe, name="grappe-tableau-de-bord"),
    path("og/<int:pk>/tableau-de-bord/", tableaux.og, name="og-tableau-de-bord"),
    path("regions/<str:code>/tableau-de-bord/", tableaux.region, name="region-tableau-de-bord"),
    path("pays/tableau-de-bord/", tableaux.pays, name="pays-tableau-de-bord"),
]
