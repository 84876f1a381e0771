"""Routes de l'API : séances, leur dossier."""

from django.urls import URLPattern, path

from gouvernance.api.dossiers import DossierSeanceDocx, DossierSeancePdf
from gouvernance.api.seances import LectureSeance, ListeSeances

routes: list[URLPattern] = [
    # --- séances ---
    path("seances/", ListeSeances.as_view(), name="seance-liste"),
    path("seances/<int:pk>/", LectureSeance.as_view(), name="seance-detail"),
    path("seances/<int:pk>/dossier.pdf", DossierSeancePdf.as_view(), name="seance-dossier-pdf"),
    path("seances/<int:pk>/dossier.docx", DossierSeanceDocx.as_view(), name="seance-dossier-docx"),
]
