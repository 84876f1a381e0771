"""Routes des questionnaires et des risques : kebab-case, noms `objet-action`."""

from django.urls import URLPattern, path

from risques.views import analyse_pdf, grappes, partages

app_name = "risques"

urlpatterns: list[URLPattern] = [
    # --- questionnaires et versions ---
    # --- campagnes et évaluations ---
    # --- grilles de réponses ---
    # --- risques d'un ESMS : analyse locale, registre ---
    # --- risques d'une grappe : carte, barème, partages ---
    path("grappes/<int:pk>/risques/", grappes.grappe_risques, name="grappe-risques"),
    path("grappes/<int:pk>/risques/bareme/", grappes.bareme, name="grappe-bareme"),
    path("grappes/<int:pk>/risques/partages/", partages.grappe_partages, name="grappe-partages"),
    path("parcours/<int:pk>/risques/partages/", partages.parcours_partages, name="parcours-partages"),
    path("partages/<int:pk>/fermer/", partages.fermer, name="partage-fermer"),
    path("parcours/<int:pk>/risques/analyse.pdf", analyse_pdf.analyse, name="parcours-risques-pdf"),
]
