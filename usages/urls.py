"""Routes des usages : kebab-case, noms `objet-action`, un bloc par agrégat."""

from django.urls import URLPattern, path

from usages.views import chiffres, demandes_editeurs, precisions, preuves, releves, routine, saisie_releve

app_name = "usages"

urlpatterns: list[URLPattern] = [
    # --- relevés ---
    path("parcours/<int:pk>/releves/", releves.du_parcours, name="parcours-releves"),
    path("releves/<int:pk>/", releves.detail, name="releve-detail"),
    path("releves/<int:pk>/saisir/", saisie_releve.saisir, name="releve-saisir"),
    path("chiffres/<int:pk>/", chiffres.detail, name="valeur-detail"),
    path("chiffres/<int:pk>/corriger/", chiffres.corriger, name="valeur-corriger"),
    path("chiffres/<int:pk>/precision/", chiffres.demander, name="precision-demander"),
    # --- précisions ---
    path("precisions/<int:pk>/", precisions.detail, name="precision-detail"),
    path("precisions/<int:pk>/repondre/", precisions.repondre, name="precision-repondre"),
    # --- demandes aux éditeurs ---
    path("demandes-editeurs/<int:pk>/", demandes_editeurs.detail, name="demandeediteur-detail"),
    # --- routine ---
    path("parcours/<int:pk>/routine/", routine.parcours, name="parcours-routine"),
    # --- preuves d'usage ---
    path("preuves/<int:pk>/", preuves.detail, name="preuveusage-detail"),
]
