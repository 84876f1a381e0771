"""Routes de la gouvernance : kebab-case, noms `objet-action`, un bloc par agrégat."""

from django.urls import URLPattern, path

from gouvernance.documents.dossier import DOCX, PDF
from gouvernance.views import alertes, calendrier, dossiers, journal, pages_ouvertes, partages

app_name = "gouvernance"

urlpatterns: list[URLPattern] = [
    # --- alertes ---
    path("alertes/", alertes.AlerteListe.as_view(), name="alerte-liste"),
    path("alertes/ajouter/", alertes.creer, name="alerte-creer"),
    path("alertes/<int:pk>/", alertes.detail, name="alerte-detail"),
    path("parcours/<int:pk>/alertes/", alertes.de_l_esms, name="parcours-alertes"),
    # --- journal du projet ---
    path("grappes/<int:pk>/journal-projet/", journal.grappe_journal, name="grappe-journal"),
    path("parcours/<int:pk>/journal-projet/", journal.parcours_journal, name="parcours-journal"),
    path("entrees/<int:pk>/modifier/", journal.modifier, name="entree-modifier"),
    path("entrees/<int:pk>/publier/", journal.publier, name="entree-publier"),
    path("entrees/<int:pk>/retirer/", journal.retirer, name="entree-retirer"),
    # --- page des personnes accompagnées, sans compte ---
    path("parcours/<int:pk>/page-ouverte/", pages_ouvertes.parcours_page, name="parcours-page-ouverte"),
    path("grappes/<int:pk>/page-ouverte/", pages_ouvertes.grappe_page, name="grappe-page-ouverte"),
    path("nouvelles/<uuid:jeton>/", pages_ouvertes.page_ouverte, name="page-ouverte"),
    # --- partage d'un compte rendu avec le financeur ---
    path("seances/<int:pk>/partage/", partages.seance_partage, name="seance-partage"),
    # --- calendrier ---
    path("calendrier/", calendrier.calendrier, name="calendrier"),
    path("calendrier/<str:jeton>.ics", calendrier.calendrier_flux, name="calendrier-flux"),
    path("seances/<int:pk>/seance.ics", calendrier.seance_ics, name="seance-ics"),
    # --- dossier de séance ---
    path("seances/<int:pk>/dossier/", dossiers.seance_dossier, name="seance-dossier"),
    path("dossiers/<int:pk>/", dossiers.dossier_detail, name="dossier-detail"),
    path("dossiers/<int:pk>/dossier.pdf", dossiers.dossier_fichier, {"forme": PDF}, name="dossier-pdf"),
    path("dossiers/<int:pk>/dossier.docx", dossiers.dossier_fichier, {"forme": DOCX}, name="dossier-docx"),
]
