"""Routes de la gouvernance : kebab-case, noms `objet-action`, un bloc par agrégat."""

from django.urls import URLPattern, path

from gouvernance.documents.dossier import DOCX, PDF
from gouvernance.views import dossiers

app_name = "gouvernance"

urlpatterns: list[URLPattern] = [
    # --- dossier de séance ---
    path("seances/<int:pk>/dossier/", dossiers.seance_dossier, name="seance-dossier"),
    path("dossiers/<int:pk>/", dossiers.dossier_detail, name="dossier-detail"),
    path("dossiers/<int:pk>/dossier.pdf", dossiers.dossier_fichier, {"forme": PDF}, name="dossier-pdf"),
    path("dossiers/<int:pk>/dossier.docx", dossiers.dossier_fichier, {"forme": DOCX}, name="dossier-docx"),
]
