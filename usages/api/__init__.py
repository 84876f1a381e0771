"""Routes de l'API : indicateurs, relevés, agrégats, retours, études."""

from django.urls import URLPattern, path

from usages.api.agregats import ListeAgregats
from usages.api.etudes import EntonnoirDEtude, ListeEtudes
from usages.api.indicateurs import ListeIndicateurs
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
    # --- études ---
    path("etudes/", ListeEtudes.as_view(), name="etude-liste"),
    path("etudes/<int:pk>/entonnoir/", EntonnoirDEtude.as_view(), name="etude-entonnoir"),
]
