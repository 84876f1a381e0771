"""Routes de la gouvernance : kebab-case, noms `objet-action`, un bloc par agrégat."""

from django.urls import URLPattern, path

from gouvernance.views import comptes_rendus, ordre_du_jour, seances, tenue

app_name = "gouvernance"

urlpatterns: list[URLPattern] = [
    # --- séances, ordre du jour, tenue, compte rendu ---
    path("seances/", seances.SeanceListe.as_view(), name="seance-liste"),
    path("instances/<int:pk>/seances/ajouter/", seances.creer, name="seance-creer"),
    path("seances/<int:pk>/", seances.detail, name="seance-detail"),
    path("seances/<int:pk>/modifier/", seances.modifier, name="seance-modifier"),
    path("seances/<int:pk>/points/ajouter/", ordre_du_jour.ajouter, name="point-creer"),
    path("points/<int:pk>/modifier/", ordre_du_jour.modifier, name="point-modifier"),
    path("points/<int:pk>/retirer/", ordre_du_jour.retirer, name="point-retirer"),
    path("points/<int:pk>/deplacer/", ordre_du_jour.deplacer, name="point-deplacer"),
    path("instances/<int:pk>/points/ajouter/", ordre_du_jour.porter, name="point-porter"),
    path("seances/<int:pk>/presences/", tenue.presences, name="seance-presences"),
    path("points/<int:pk>/noter/", tenue.noter, name="point-noter"),
    path("points/<int:pk>/issues/ajouter/", tenue.issue_creer, name="issue-creer"),
    path("issues/<int:pk>/retirer/", tenue.issue_retirer, name="issue-retirer"),
    path("seances/<int:pk>/compte-rendu.pdf", comptes_rendus.pdf, name="seance-compte-rendu-pdf"),
    path("seances/<int:pk>/compte-rendu.docx", comptes_rendus.docx, name="seance-compte-rendu-docx"),
]
