"""Routes des questionnaires et des risques : kebab-case, noms `objet-action`."""

from django.urls import URLPattern, path

from risques.views import (
    analyse_pdf,
    analyses,
    campagnes,
    evaluations,
    grappes,
    grilles,
    partages,
    questionnaires,
    registre,
    ressaisie,
    suites,
)

app_name = "risques"

urlpatterns: list[URLPattern] = [
    # --- questionnaires et versions ---
    path("questionnaires/", questionnaires.QuestionnaireListe.as_view(), name="questionnaire-liste"),
    path("questionnaires/importer/", questionnaires.importer, name="questionnaire-importer"),
    path("questionnaires/<slug:code>/", questionnaires.detail, name="questionnaire-detail"),
    path("versions-questionnaires/<int:pk>/", questionnaires.version, name="versionquestionnaire-detail"),
    path("versions-questionnaires/<int:pk>/export.<str:forme>", questionnaires.export, name="version-export"),
    path("versions-questionnaires/<int:pk>/vierge.pdf", questionnaires.vierge, name="version-vierge"),
    # --- campagnes et évaluations ---
    path("campagnes/", campagnes.CampagneListe.as_view(), name="campagne-liste"),
    path("grappes/<int:pk>/campagnes/ajouter/", campagnes.creer, name="campagne-creer"),
    path("campagnes/<int:pk>/", campagnes.detail, name="campagne-detail"),
    path("campagnes/<int:pk>/modifier/", campagnes.modifier, name="campagne-modifier"),
    path("evaluations/<int:pk>/", evaluations.detail, name="evaluation-detail"),
    path("evaluations/<int:pk>/evaluateurs/", evaluations.designer, name="evaluation-designer"),
    path("evaluations/<int:pk>/consensus/", evaluations.consensus, name="evaluation-consensus"),
    # --- grilles de réponses ---
    path("grilles/<int:pk>/", grilles.grille_detail, name="grille-detail"),
    path("grilles/<int:pk>/reponses/<str:code>/", grilles.grille_repondre, name="grille-repondre"),
    path("grilles/<int:pk>/ressaisir/", ressaisie.grille_ressaisir, name="grille-ressaisir"),
    path("grilles/<int:pk>/grille.pdf", grilles.grille_pdf, name="grille-pdf"),
    # --- risques d'un ESMS : analyse locale, registre ---
    path("parcours/<int:pk>/risques/", analyses.parcours_risques, name="parcours-risques"),
    path("parcours/<int:pk>/risques/analyse/", analyses.parcours_analyse, name="parcours-analyse"),
    path("analyses/<int:pk>/", analyses.analyselocale_detail, name="analyselocale-detail"),
    path("risques/", registre.RisqueListe.as_view(), name="risque-liste"),
    path("risques/ajouter/", registre.creer, name="risque-creer"),
    path("risques/<int:pk>/", registre.detail, name="risque-detail"),
    path("risques/<int:pk>/modifier/", registre.modifier, name="risque-modifier"),
    path("risques/<int:pk>/actions/ajouter/", registre.ajouter_action, name="risque-action"),
    path("suites/", suites.donner, name="suite-donner"),
    # --- risques d'une grappe : carte, barème, partages ---
    path("grappes/<int:pk>/risques/", grappes.grappe_risques, name="grappe-risques"),
    path("grappes/<int:pk>/risques/bareme/", grappes.bareme, name="grappe-bareme"),
    path("grappes/<int:pk>/risques/partages/", partages.grappe_partages, name="grappe-partages"),
    path("parcours/<int:pk>/risques/partages/", partages.parcours_partages, name="parcours-partages"),
    path("partages/<int:pk>/fermer/", partages.fermer, name="partage-fermer"),
    path("parcours/<int:pk>/risques/analyse.pdf", analyse_pdf.analyse, name="parcours-risques-pdf"),
]
