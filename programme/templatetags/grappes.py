"""`{% onglets_grappe grappe %}` : les pages d'une grappe, pour ce lecteur."""

from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse

from programme.models import Grappe
from programme.permissions import peut_lire_financement, peut_lire_grille

register = template.Library()

_TOUJOURS = lambda utilisateur, grappe: True  # noqa: E731
PAGES = (
    ("Vue d’ensemble", "grappe-detail", _TOUJOURS),
    ("Calendrier", "grappe-calendrier", _TOUJOURS),
    ("Tableau", "grappe-tableau", _TOUJOURS),
    ("Préparation", "grappe-preparation", peut_lire_grille),
    ("Financement", "grappe-financement", peut_lire_financement),
)


@register.inclusion_tag("programme/grappe_onglets.html", takes_context=True)
def onglets_grappe(context: dict[str, Any], grappe: Grappe) -> dict[str, Any]:
    """Un onglet par page que ce lecteur peut ouvrir ; celle où il est se dit courante."""
    ici = context["request"].resolver_match.url_name
    onglets = []
    for libelle, route, permis in PAGES:
        try:
            url = reverse(f"programme:{route}", args=[grappe.pk])
        except NoReverseMatch:
            continue
        if permis(context["user"], grappe):
            onglets.append({"libelle": libelle, "url": url, "courant": route == ici})
    return {"onglets": onglets, "grappe": grappe}
