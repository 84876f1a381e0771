"""Routes de la gouvernance : kebab-case, noms `objet-action`, un bloc par agrégat."""

from django.urls import URLPattern, path

from gouvernance.views import calendrier

app_name = "gouvernance"

urlpatterns: list[URLPattern] = [
    # --- calendrier ---
    path("calendrier/", calendrier.calendrier, name="calendrier"),
    path("calendrier/<str:jeton>.ics", calendrier.calendrier_flux, name="calendrier-flux"),
    path("seances/<int:pk>/seance.ics", calendrier.seance_ics, name="seance-ics"),
]
