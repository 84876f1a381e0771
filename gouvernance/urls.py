"""Routes de la gouvernance : kebab-case, noms `objet-action`, un bloc par agrégat."""

from django.urls import URLPattern, path

from gouvernance.views import alertes

app_name = "gouvernance"

urlpatterns: list[URLPattern] = [
    # --- alertes ---
    path("alertes/", alertes.AlerteListe.as_view(), name="alerte-liste"),
    path("alertes/ajouter/", alertes.creer, name="alerte-creer"),
    path("alertes/<int:pk>/", alertes.detail, name="alerte-detail"),
    path("parcours/<int:pk>/alertes/", alertes.de_l_esms, name="parcours-alertes"),
]
