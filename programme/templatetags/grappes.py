"""`{% onglets_grappe grappe %}` : les pages d'une grappe, pour ce lecteur."""

from collections.abc import Callable
from typing import Any

from django import template
from django.urls import reverse

from programme.models import Grappe
from programme.permissions import peut_lire_financement, peut_lire_grille
from programme.socle.droits import Droit

register = template.Library()

PAGES: tuple[tuple[str, str, Callable[..., Droit] | None], ...] = (
    ("Vue d’ensemble", "grappe-detail", None),
    ("Calendrier", "grappe-calendrier", None),
    ("Tableau", "grappe-tableau", None),
    ("Moments", "grappe-moments", peut_lire_grille),
    ("Pilotes", "grappe-pilotes", peut_lire_grille),
    ("Préparation", "grappe-preparation", peut_lire_grille),
    ("Checklist", "grappe-checklist", peut_lire_grille),
    ("État des lieux", "grappe-etat-des-lieux", peut_lire_grille),
    ("Financement", "grappe-financement", peut_lire_financement),
)


@register.inclusion_tag("programme/grappe_onglets.html", takes_context=True)
def onglets_grappe(context: dict[str, Any], grappe: Grappe) -> dict[str, Any]:
    """Un onglet par page que ce lecteur peut ouvrir ; celle où il est se dit courante."""
    ici = context["request"].resolver_match.url_name
    onglets = [
        {"libelle": libelle, "url": reverse(f"programme:{route}", args=[grappe.pk]), "courant": route == ici}
        for libelle, route, peut in PAGES
        if peut is None or peut(context["user"], grappe)
    ]
    return {"onglets": onglets, "grappe": grappe}
