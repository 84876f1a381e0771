"""Gestes communs aux essais de la gouvernance dans un navigateur."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect

from programme.models import Utilisateur
from tests.aides import connecte

Poste = Callable[..., BrowserContext]


def entrer(nouveau: Poste, serveur: str, compte: Utilisateur) -> Page:
    """Un poste de plus, la session de ce compte déjà ouverte."""
    poste = nouveau()
    jeton = connecte(compte).cookies[settings.SESSION_COOKIE_NAME].value
    poste.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": jeton, "url": serveur}])
    return poste.new_page()


def franchir(page: Page, serveur: str, objet: Any, transition: str, motif: str = "") -> None:
    """Franchit un passage par sa page."""
    page.goto(f"{serveur}/passages/{objet._meta.model_name}/{objet.pk}/{transition}/")
    if motif:
        page.get_by_label("Motif").fill(motif)
    page.get_by_role("region", name="Votre décision").get_by_role("button").click()
    expect(page.get_by_role("region", name="Votre décision").get_by_role("button")).to_have_count(0)
