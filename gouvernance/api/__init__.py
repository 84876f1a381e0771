"""Routes de l'API : instances, séances et leur dossier, décisions."""

from django.urls import URLPattern, path

from gouvernance.api.decisions import ListeDecisions
from gouvernance.api.dossiers import DossierSeanceDocx, DossierSeancePdf
from gouvernance.api.instances import ListeInstances
from gouvernance.api.seances import LectureSeance, ListeSeances

routes: list[URLPattern] = [
    path("instances/", ListeInstances.as_view(), name="instance-liste"),
    path("seances/", ListeSeances.as_view(), name="seance-liste"),
    path("seances/<int:pk>/", LectureSeance.as_view(), name="seance-detail"),
    path("seances/<int:pk>/dossier.pdf", DossierSeancePdf.as_view(), name="seance-dossier-pdf"),
    path("seances/<int:pk>/dossier.docx", DossierSeanceDocx.as_view(), name="seance-dossier-docx"),
    path("decisions/", ListeDecisions.as_view(), name="decision-liste"),
]
