"""Routes des usages : kebab-case, noms `objet-action`, un bloc par agrégat."""

from django.urls import URLPattern, path

from usages.views import demandes_editeurs, indicateurs, precisions, preuves, releves, suivis

app_name = "usages"

urlpatterns: list[URLPattern] = [
    # --- catalogue ---
    path("indicateurs/", indicateurs.IndicateurListe.as_view(), name="indicateur-liste"),
    path("indicateurs/classeur.xlsx", indicateurs.classeur, name="indicateur-classeur"),
    path("indicateurs/rapporter/", indicateurs.rapporter, name="indicateur-rapporter"),
    path("indicateurs/<slug:code>/", indicateurs.detail, name="indicateur-detail"),
    path("indicateurs/<slug:code>/cible/", indicateurs.cible_creer, name="indicateur-cible"),
    # --- indicateurs suivis ---
    path("grappes/<int:pk>/indicateurs/", suivis.grappe_indicateurs, name="grappe-indicateurs"),
    path("grappes/<int:pk>/indicateurs/choisir/", suivis.choisir, name="grappe-indicateurs-choisir"),
    path("grappes/<int:pk>/indicateurs/<slug:code>/", suivis.grappe_indicateur, name="grappe-indicateur"),
    path("grappes/<int:pk>/indicateurs/<slug:code>/arreter/", suivis.arreter, name="suivi-arreter"),
    path("grappes/<int:pk>/indicateurs/<slug:code>/alertes/", suivis.surveiller, name="suivi-alertes"),
    path("grappes/<int:pk>/indicateurs/<slug:code>/cible/", suivis.cible_creer, name="cible-creer"),
    path("cibles/<int:pk>/", suivis.cible_modifier, name="cible-modifier"),
    path("cibles/<int:pk>/retirer/", suivis.cible_retirer, name="cible-retirer"),
    # --- relevés ---
    path("releves/<int:pk>/", releves.detail, name="releve-detail"),
    # --- précisions ---
    path("precisions/<int:pk>/", precisions.detail, name="precision-detail"),
    # --- demandes aux éditeurs ---
    path("demandes-editeurs/<int:pk>/", demandes_editeurs.detail, name="demandeediteur-detail"),
    # --- preuves d'usage ---
    path("preuves/<int:pk>/", preuves.detail, name="preuveusage-detail"),
]
