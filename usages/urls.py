"""Routes des usages : kebab-case, noms `objet-action`, un bloc par agrégat."""

from django.urls import URLPattern, path

from usages.views import demandes_editeurs, editeurs, precisions, preuves, releves, versions

app_name = "usages"

urlpatterns: list[URLPattern] = [
    # --- relevés ---
    path("releves/<int:pk>/", releves.detail, name="releve-detail"),
    # --- précisions ---
    path("precisions/<int:pk>/", precisions.detail, name="precision-detail"),
    # --- demandes aux éditeurs ---
    path("demandes-editeurs/", demandes_editeurs.DemandeEditeurListe.as_view(), name="demandeediteur-liste"),
    path("demandes-editeurs/<int:pk>/", demandes_editeurs.detail, name="demandeediteur-detail"),
    path("demandes-editeurs/<int:pk>/modifier/", demandes_editeurs.modifier, name="demandeediteur-modifier"),
    path("grappes/<int:pk>/demandes-editeurs/nouvelle/", demandes_editeurs.creer, name="demandeediteur-creer"),
    # --- éditeurs, versions ---
    path("grappes/<int:pk>/editeurs/", editeurs.grappe_editeurs, name="grappe-editeurs"),
    path("grappes/<int:pk>/editeurs/<int:editeur>/", editeurs.grappe_editeur, name="grappe-editeur"),
    path("grappes/<int:pk>/editeurs/<int:editeur>/editeur.pdf", editeurs.grappe_editeur_pdf, name="grappe-editeur-pdf"),
    path("grappes/<int:pk>/versions/<int:version>/", versions.grappe_montees, name="grappe-montees"),
    path("referentiels/solutions/<int:pk>/versions/", versions.solution_versions, name="solution-versions"),
    path("referentiels/solutions/<int:pk>/versions/nouvelle/", versions.version_creer, name="version-creer"),
    path("versions/<int:pk>/modifier/", versions.version_modifier, name="version-modifier"),
    path("parcours/<int:pk>/versions/", versions.parcours_versions, name="parcours-versions"),
    path("montees/<int:pk>/modifier/", versions.montee_modifier, name="montee-modifier"),
    path("montees/<int:pk>/retirer/", versions.montee_retirer, name="montee-retirer"),
    # --- preuves d'usage ---
    path("preuves/<int:pk>/", preuves.detail, name="preuveusage-detail"),
]
