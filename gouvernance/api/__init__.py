"""Routes de l'API : instances, séances, décisions."""

from django.urls import URLPattern, path

from gouvernance.api.seances import LectureSeance, ListeSeances

routes: list[URLPattern] = [
    # --- séances ---
    path("seances/", ListeSeances.as_view(), name="seance-liste"),
    path("seances/<int:pk>/", LectureSeance.as_view(), name="seance-detail"),
]
