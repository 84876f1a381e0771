"""Routes de la gouvernance : kebab-case, noms `objet-action`, un bloc par agrégat."""

from django.urls import URLPattern, path

from gouvernance.views import propositions

app_name = "gouvernance"

urlpatterns: list[URLPattern] = [
    # Propositions à l'ordre du jour
    path("seances/<int:pk>/propositions/", propositions.seance_propositions, name="seance-propositions"),
]
