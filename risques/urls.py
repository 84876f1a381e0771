"""Routes des questionnaires et des risques : kebab-case, noms `objet-action`."""

from django.urls import URLPattern, path

from risques.views import analyse_pdf, analyses, grappes, partages, registre, suites

app_name = "risques"

urlpatterns: list[URLPattern] = [
    # --- questionnaires et versions ---
    # --- campagnes et évaluations ---
    # --- grilles de réponses ---
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
