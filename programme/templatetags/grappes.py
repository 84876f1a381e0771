"""`{% onglets_grappe grappe %}`, `{% autres_pages parcours as pages %}`, et de même pour un organisme, une région."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django import template
from django.urls import reverse

from programme.models import Grappe, OrganismeGestionnaire, Parcours, Region
from programme.permissions import peut_lire_financement, peut_lire_grille
from programme.socle.droits import Droit
from programme.socle.onglets import Onglet, onglets_de_grappe, pages_d_esms, pages_d_og, pages_de_region

register = template.Library()

_Page = tuple[str, str, Callable[..., Droit] | None]
PAGES: tuple[_Page, ...] = (
    ("Vue d’ensemble", "programme:grappe-detail", None),
    ("Calendrier", "programme:grappe-calendrier", None),
    ("Tableau", "programme:grappe-tableau", None),
    ("Moments", "programme:grappe-moments", peut_lire_grille),
    ("Pilotes", "programme:grappe-pilotes", peut_lire_grille),
    ("Préparation", "programme:grappe-preparation", peut_lire_grille),
    ("Checklist", "programme:grappe-checklist", peut_lire_grille),
    ("État des lieux", "programme:grappe-etat-des-lieux", peut_lire_grille),
    ("Financement", "programme:grappe-financement", peut_lire_financement),
)


@register.inclusion_tag("programme/grappe_onglets.html", takes_context=True)
def onglets_grappe(context: dict[str, Any], grappe: Grappe) -> dict[str, Any]:
    """Un onglet par page que ce lecteur peut ouvrir ; celle où il est se dit courante."""
    ici, ouvre = context["request"].resolver_match.view_name, _portier(context["user"], grappe)
    # Ce que d'autres apps ajoutent vient avant le financement, qui ferme la marche.
    inscrits: list[_Page] = [(o.libelle, o.route, o.peut) for o in onglets_de_grappe]
    famille = _famille_de(onglets_de_grappe, ici)
    courantes = {ici, famille[0].route if famille else ici}
    onglets = [
        {
            "libelle": libelle,
            "url": reverse(route, args=[grappe.pk]),
            "courant": route in courantes,
            "ici": route == ici,
        }
        for libelle, route, peut in (*PAGES[:-1], *inscrits, PAGES[-1])
        if peut is None or ouvre(peut)
    ]
    return {"onglets": onglets, "grappe": grappe, "voisines": _puces(ici, famille, grappe, ouvre), "sujet": grappe}


def _portier(lecteur: Any, objet: Any) -> Callable[[Callable[..., Droit]], bool]:
    """Ce que ce lecteur ouvre de cet objet : chaque droit ne se demande qu'une fois, les pages en partagent."""
    return cache(lambda peut: bool(peut(lecteur, objet)))


def _famille_de(pages: Iterable[Onglet], route: str) -> tuple[Onglet, ...]:
    """La page inscrite et ses voisines, quand on est chez l'une d'elles."""
    return next((p.famille for p in pages if route in {v.route for v in p.famille}), ())


def _puces(
    ici: str, famille: Iterable[Onglet], objet: Any, ouvre: Callable[[Callable[..., Droit]], bool]
) -> list[dict[str, Any]]:
    return [
        {"libelle": p.libelle, "url": reverse(p.route, args=[objet.pk]), "courant": p.route == ici}
        for p in famille
        if ouvre(p.peut)
    ]


@register.inclusion_tag("programme/fragments/pages_voisines.html", takes_context=True)
def pages_voisines(context: dict[str, Any], parcours: Parcours) -> dict[str, Any]:
    """D'une page d'un ESMS, celles du même sujet que ce lecteur peut ouvrir."""
    ici = context["request"].resolver_match.view_name
    ouvre = _portier(context["user"], parcours)
    return {"voisines": _puces(ici, _famille_de(pages_d_esms, ici), parcours, ouvre), "sujet": parcours}


@register.simple_tag(takes_context=True)
def autres_pages(context: dict[str, Any], parcours: Parcours) -> list[dict[str, str]]:
    """Les pages d'un ESMS que d'autres apps ajoutent et que ce lecteur peut ouvrir : libellé, url, ce qui y presse."""
    lecteur = context["user"]
    ouvre = _portier(lecteur, parcours)
    return [
        {
            "libelle": page.libelle,
            "url": reverse(page.route, args=[parcours.pk]),
            "signal": page.signal(lecteur, parcours) if page.signal else "",
        }
        for page in pages_d_esms
        if ouvre(page.peut)
    ]


def _ouvrables(context: dict[str, Any], pages: Iterable[Onglet], objet: Any) -> list[dict[str, str]]:
    lecteur = context["user"]
    return [{"libelle": p.libelle, "url": reverse(p.route, args=[objet.pk])} for p in pages if p.peut(lecteur, objet)]


@register.inclusion_tag("programme/fragments/pages_inscrites.html", takes_context=True)
def autres_pages_d_og(context: dict[str, Any], og: OrganismeGestionnaire) -> dict[str, Any]:
    """Les pages d'un organisme que d'autres apps ajoutent et que ce lecteur peut ouvrir."""
    return {"pages": _ouvrables(context, pages_d_og, og)}


@register.inclusion_tag("programme/fragments/pages_inscrites.html", takes_context=True)
def autres_pages_de_region(context: dict[str, Any], region: Region) -> dict[str, Any]:
    """Les pages d'une région que d'autres apps ajoutent et que ce lecteur peut ouvrir."""
    return {"pages": _ouvrables(context, pages_de_region, region)}
