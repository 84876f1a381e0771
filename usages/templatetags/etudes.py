"""`{% onglets_etude %}`, `{% onglets_visite %}` : une barre par objet ; `|en_phrase`, `|insecables`."""

from typing import Any

from django import template
from django.urls import reverse

from programme.socle import texte
from usages.models import Etude, Monographie, Visite
from usages.permissions import peut_ecrire_dans_l_etude

register = template.Library()
register.filter("en_phrase", texte.en_phrase)
register.filter("insecables", texte.insecables, is_safe=True)

_Page = tuple[str, str]
D_ETUDE: tuple[_Page, ...] = (
    ("L’étude", "usages:etude-detail"),
    ("Entonnoir", "usages:etude-entonnoir"),
    ("Trames", "usages:etude-trames"),
    ("Visites", "usages:etude-visites"),
    ("Effets", "usages:etude-effets"),
    ("Verbatims citables", "usages:etude-verbatims"),
    ("Équipe", "usages:etude-equipe"),
)
DE_VISITE: tuple[_Page, ...] = (
    ("La visite", "usages:visite-detail"),
    ("Notes", "usages:visite-notes"),
    ("Photos", "usages:visite-photos"),
    ("Verbatims", "usages:visite-verbatims"),
    ("Constats", "usages:visite-constats"),
    ("Codage", "usages:visite-codage"),
    ("Accord", "usages:visite-accord"),
)
CODAGE = "usages:visite-codage"
# Les notes s'ouvrent sur la page de terrain ; depuis un bureau, on vient les relire.
SUITES = {"usages:visite-notes": "?relire"}


def _onglets(context: dict[str, Any], pages: tuple[_Page, ...], objet: Any) -> list[dict[str, Any]]:
    ici = context["request"].resolver_match.view_name
    return [
        {
            "libelle": libelle,
            "url": f"{reverse(route, args=[objet.pk])}{SUITES.get(route, '')}",
            "courant": route == ici,
        }
        for libelle, route in pages
    ]


@register.inclusion_tag("usages/fragments/onglets.html", takes_context=True)
def onglets_etude(context: dict[str, Any], etude: Etude) -> dict[str, Any]:
    """Les pages d'une étude, que toute son équipe ouvre."""
    return {"onglets": _onglets(context, D_ETUDE, etude), "nom": f"Pages de l’étude {etude}"}


@register.inclusion_tag("usages/fragments/onglets.html", takes_context=True)
def onglets_visite(context: dict[str, Any], visite: Visite) -> dict[str, Any]:
    """Les pages d'une visite, pour l'équipe : le codage à qui code, la monographie si elle est commencée."""
    code = peut_ecrire_dans_l_etude(context["user"], visite)
    pages = tuple(page for page in DE_VISITE if code or page[1] != CODAGE)
    onglets = _onglets(context, pages, visite)
    if monographie := Monographie.objects.filter(visite=visite).only("pk").first():
        url = reverse("usages:monographie-detail", args=[monographie.pk])
        onglets.append({"libelle": "Monographie", "url": url, "courant": False})
    return {"onglets": onglets, "nom": f"Pages de la visite, {visite.parcours}"}
