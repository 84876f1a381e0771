"""Un tableau de bord dans un navigateur : choisir ses indicateurs, garder la vue, la rouvrir, au clavier."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from programme.socle.models import Filtre
from tests.aides import connecte
from tests.fabriques import GrappeFactory, cheffe_de
from tests.usages.fabriques import IndicateurFactory
from tests.usages.tableaux.mondes import compter, esms, relever

pytestmark = pytest.mark.django_db(transaction=True)


def test_choisir_ses_indicateurs_et_garder_la_vue_au_clavier(page: Page, live_server: LiveServer) -> None:
    grappe = GrappeFactory(nom="Vignes hautes")
    tous = [IndicateurFactory(code=f"essai-{n}", libelle=f"Essai {n}") for n in range(4)]
    for p in esms(grappe, 3):
        for recul in (1, 2):
            relever(p, tous, (20 + 4 * (2 - recul), 40), recul=recul)
    compter()
    jeton = connecte(cheffe_de(grappe)).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": jeton, "url": live_server.url}])
    page.goto(live_server.url + reverse("usages:grappe-tableau-de-bord", args=[grappe.pk]))
    expect(page.locator(".carte-usages thead th")).to_have_count(5)
    page.locator("#choix-indicateurs summary").focus()
    page.keyboard.press("Enter")
    for nom in ("Essai 1", "Essai 3"):
        page.get_by_role("checkbox", name=nom).focus()
        page.keyboard.press("Space")
    assert not Axe().run(page).response["violations"]
    page.keyboard.press("Enter")
    expect(page.locator(".carte-usages thead th")).to_have_count(3)
    page.locator("#vues summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Enregistrer cette vue").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Essai 1, Essai 3")).to_be_visible()
    page.get_by_role("textbox", name="Nom de la vue").focus()
    page.keyboard.type("Les deux")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("La vue « Les deux » est enregistrée.")
    expect(page).to_have_url(re.compile(r"\?vue=\d+$"))
    expect(page.locator(".vue-ouverte")).to_contain_text("Les deux")
    page.get_by_role("link", name="Maintien").click()
    expect(page.locator(".vue-ouverte")).to_contain_text("Les deux, modifiée")
    assert not Axe().run(page).response["violations"]
    page.get_by_role("link", name="Revenir à la vue").click()
    expect(page.locator(".carte-usages thead th")).to_have_count(3)
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert Filtre.objects.get().criteres == {"choisis": ["essai-1", "essai-3"]}
