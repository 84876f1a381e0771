"""Coder une visite au clavier : un constat complet s'enregistre seul ; sans script, le bouton suffit."""

from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.aides import connecte
from tests.usages.monographies.mondes_codage import Monde, monde
from usages.models import Codage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def m() -> Monde:
    rendu = monde()
    rendu.constater(2)
    return rendu


def _ouvrir(poste: BrowserContext, serveur: str, m: Monde) -> Page:
    jeton = connecte(m.auteur).cookies[settings.SESSION_COOKIE_NAME].value
    poste.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": jeton, "url": serveur}])
    page = poste.new_page()
    page.goto(f"{serveur}/visites/{m.visite.pk}/codage/")
    page.locator("[data-constat] select").first.focus()
    page.keyboard.type("Pil")
    for _ in range(3):
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
    return page


def test_au_clavier_un_constat_complet_s_enregistre_seul(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, m: Monde
) -> None:
    page = _ouvrir(new_context(), live_server.url, m)
    expect(page.locator("[data-etat-codage]")).to_have_text("Enregistré : 1 constat sur 2.")
    codage = Codage.objects.get()
    assert (codage.constat, codage.codeur, codage.theme) == (m.constats[0], m.auteur, "pilotage")


def test_sans_script_le_bouton_enregistre_et_mene_au_suivant(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, m: Monde
) -> None:
    page = _ouvrir(new_context(java_script_enabled=False), live_server.url, m)
    assert not Codage.objects.exists()
    page.get_by_role("button", name="Enregistrer le constat 1").press("Enter")
    expect(page.get_by_text("Enregistré : 1 constat codé sur 2.")).to_be_visible()
    assert page.url.endswith(f"#constat-{m.constats[1].pk}") and Codage.objects.count() == 1
