"""Déplacer une date depuis le calendrier : au clavier, puis sans script."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from programme.models import Etape, Parcours, Vague
from programme.socle.dates import date_courte
from tests.aides import connecte
from tests.fabriques import GrappeFactory, ParcoursFactory, directrice_de

pytestmark = pytest.mark.django_db(transaction=True)
NOM = "IME Les Acacias"
CADRAGE = timezone.localdate() + timedelta(days=40)


@pytest.fixture
def parcours() -> Parcours:
    grappe = GrappeFactory()
    parcours = ParcoursFactory(grappe=grappe, vague=Vague.objects.create(grappe=grappe, numero=1), esms__nom=NOM)
    Etape.objects.create(parcours=parcours, etat="cadrage", reference=CADRAGE)
    Etape.objects.create(parcours=parcours, etat="preparation", reference=CADRAGE + timedelta(days=120))
    return parcours


def ouvrir(poste: BrowserContext, serveur: str, parcours: Parcours) -> Page:
    jeton = connecte(directrice_de(parcours)).cookies[settings.SESSION_COOKIE_NAME].value
    poste.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": jeton, "url": serveur}])
    page = poste.new_page()
    page.goto(f"{serveur}/grappes/{parcours.grappe_id}/calendrier/")
    page.get_by_role("link", name=f"déplacer les dates de {NOM}").focus()
    page.keyboard.press("Enter")
    return page


def revisee(parcours: Parcours) -> object:
    return Etape.objects.get(parcours=parcours, etat="cadrage").revisee


def en_table(page: Page) -> object:
    page.locator("summary", has_text="Voir les chiffres du calendrier").click()
    return page.locator("#table-dates tr[data-etat=cadrage]")


def test_au_clavier_on_avance_on_pose_on_enregistre_on_annule(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, parcours: Parcours
) -> None:
    page = ouvrir(new_context(), live_server.url, parcours)
    poignee = page.get_by_role("button", name="Cadrage :")
    expect(poignee).to_be_focused()
    for touche in ("ArrowRight", "ArrowRight", "ArrowLeft", "ArrowRight"):
        page.keyboard.press(touche)
    vers = CADRAGE + timedelta(days=14)
    expect(page.locator("#annonce")).to_have_text(f"Cadrage : {date_courte(vers)}.")
    expect(page.locator(".b-prevue[data-etat=cadrage]")).to_have_attribute("transform", re.compile(r"^translate\("))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Enregistrer les dates")).to_be_focused()
    expect(page.locator("input[name=cadrage]:visible")).to_have_value(vers.isoformat())
    assert revisee(parcours) is None, "posée dans le formulaire, pas encore écrite"
    page.keyboard.press("Enter")
    expect(page.locator(".messages[role=status]")).to_contain_text(f"{NOM} : cadrage le {date_courte(vers)}")
    assert revisee(parcours) == vers
    expect(en_table(page)).to_contain_text(date_courte(vers))
    page.get_by_role("button", name=f"Annuler : remettre les dates de {NOM}").click()
    expect(page.locator(".messages[role=status]")).to_contain_text(f"cadrage le {date_courte(CADRAGE)}")
    assert revisee(parcours) is None


def test_maj_avance_d_un_mois_et_echap_remet(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, parcours: Parcours
) -> None:
    page = ouvrir(new_context(), live_server.url, parcours)
    poignee = page.get_by_role("button", name="Cadrage :")
    expect(poignee).to_be_focused()
    page.keyboard.press("Shift+ArrowRight")
    expect(poignee).not_to_contain_text(date_courte(CADRAGE))
    page.keyboard.press("Escape")
    expect(poignee).to_contain_text(date_courte(CADRAGE))
    expect(page.locator("#annonce")).to_have_text(f"Cadrage : annulé, toujours le {date_courte(CADRAGE)}.")
    expect(page.locator("input[name=cadrage]:visible")).to_have_value("")


def test_le_formulaire_ouvert_reste_lisible_par_tous(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, parcours: Parcours
) -> None:
    page = ouvrir(new_context(), live_server.url, parcours)
    expect(page.get_by_role("button", name="Cadrage :")).to_be_focused()
    assert Axe().run(page).response["violations"] == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    boite = page.locator(".deplacer").bounding_box()
    assert boite and boite["x"] >= 0 and boite["x"] + boite["width"] <= 320


def test_sans_script_le_formulaire_deplace(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, parcours: Parcours
) -> None:
    page = ouvrir(new_context(java_script_enabled=False), live_server.url, parcours)
    expect(page.locator(".poignee-date").first).to_be_hidden()
    vers = CADRAGE + timedelta(days=20)
    page.locator("input[name=cadrage]:visible").fill(vers.isoformat())
    page.get_by_role("button", name="Enregistrer les dates").click()
    expect(page.locator(".messages[role=status]")).to_contain_text("La référence n'a pas bougé.")
    assert revisee(parcours) == vers
