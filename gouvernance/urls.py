"""Routes de la gouvernance : kebab-case, noms `objet-action`, un bloc par agrégat."""

from django.urls import URLPattern, path

from gouvernance.views import grappe, instances, mandats

app_name = "gouvernance"

urlpatterns: list[URLPattern] = [
    # --- la gouvernance d'une grappe, ses instances, leurs mandats ---
    path("grappes/<int:pk>/gouvernance/", grappe.gouvernance, name="grappe-gouvernance"),
    path("grappes/<int:pk>/representation/", grappe.grappe_representation, name="grappe-representation"),
    path("grappes/<int:pk>/instances/ajouter/", instances.creer, name="instance-creer"),
    path("instances/", instances.siennes, name="instance-siennes"),
    path("instances/<int:pk>/", instances.detail, name="instance-detail"),
    path("instances/<int:pk>/modifier/", instances.modifier, name="instance-modifier"),
    path("instances/<int:pk>/clore/", instances.clore, name="instance-clore"),
    path("instances/<int:pk>/mandats/ajouter/", mandats.creer, name="mandat-creer"),
    path("mandats/<int:pk>/modifier/", mandats.modifier, name="mandat-modifier"),
    path("mandats/<int:pk>/clore/", mandats.clore, name="mandat-clore"),
]
