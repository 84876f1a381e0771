"""Routes de l'API : instances, séances, décisions."""

from django.urls import URLPattern, path

from gouvernance.api.dossiers import DossierSeanceDocx, DossierSeancePdf

routes: list[URLPattern] = [
    path("seances/<int:pk>/dossier.pdf", DossierSeancePdf.as_view(), name="seance-dossier-pdf"),
    path("seances/<int:pk>/dossier.docx", DossierSeanceDocx.as_view(), name="seance-dossier-docx"),
]
