"""Routes de l'API : indicateurs, relevés, agrégats, retours, études, monographies."""

from django.urls import URLPattern, path

from usages.api.agregats import ListeAgregats
from usages.api.etudes import EntonnoirDEtude, ListeEtudes
from usages.api.indicateurs import ListeIndicateurs
from usages.api.monographies import DocxMonographie, LectureMonographie, ListeMonographies, PdfMonographie
from usages.api.releves import Chiffres
from usages.api.retours import Retours

routes: list[URLPattern] = [
    # --- catalogue ---
    path("indicateurs/", ListeIndicateurs.as_view(), name="indicateur-liste"),
    path("agregats/", ListeAgregats.as_view(), name="agregat-liste"),
    # --- relevés ---
    path("releves/", Chiffres.as_view(), name="releve-liste"),
    # --- retours ---
    path("retours/", Retours.as_view(), name="retour-liste"),
    # --- monographies ---
    path("monographies/", ListeMonographies.as_view(), name="monographie-liste"),
    path("monographies/<int:pk>/", LectureMonographie.as_view(), name="monographie-detail"),
    path("monographies/<int:pk>.pdf", PdfMonographie.as_view(), name="monographie-pdf"),
    path("monographies/<int:pk>.docx", DocxMonographie.as_view(), name="monographie-docx"),
    # --- études ---
    path("etudes/", ListeEtudes.as_view(), name="etude-liste"),
    path("etudes/<int:pk>/entonnoir/", EntonnoirDEtude.as_view(), name="etude-entonnoir"),
]
