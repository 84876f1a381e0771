"""Le tableau de cartes au clavier, à la souris, et sans script."""

from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from programme.models import Grappe, Parcours, Vague
from tests.aides import connecte
from tests.fabriques import GrappeFactory, ParcoursFactory, cheffe_de, directrice_de

pytestmark = pytest.mark.django_db(transaction=True)
NOM = "IME Les Acacias"


@pytest.fixture
def parcours() -> Parcours:
    grappe = GrappeFactory()
    vagues = [Vague.objects.create(grappe=grappe, numero=n) for n in (1, 2)]
    return ParcoursFactory(grappe=grappe, vague=vagues[0], esms__nom=NOM)


def ouvrir(poste: BrowserContext, serveur: str, grappe: Grappe, compte: object, criteres: str = "") -> Page:
    jeton = connecte(compte).cookies[settings.SESSION_COOKIE_NAME].value
    poste.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": jeton, "url": serveur}])
    page = poste.new_page()
    page.goto(f"{serveur}/grappes/{grappe.pk}/tableau/{criteres}")
    return page


@pytest.fixture
def tableau(new_context: Callable[..., BrowserContext], live_server: LiveServer, parcours: Parcours) -> Page:
    return ouvrir(new_context(), live_server.url, parcours.grappe, cheffe_de(parcours.grappe))


def colonne(page: Page, nom: str) -> object:
    return page.locator("[data-colonne]", has=page.get_by_role("heading", name=nom))


def test_au_clavier_on_saisit_choisit_et_pose(tableau: Page) -> None:
    poignee = tableau.get_by_role("button", name=f"Saisir {NOM}")
    poignee.focus()
    tableau.keyboard.press("Space")
    expect(poignee).to_have_attribute("aria-pressed", "true")
    expect(tableau.locator("#annonce")).to_contain_text(f"{NOM} : saisi, dans Vague 1.")
    tableau.keyboard.press("ArrowRight")
    expect(tableau.locator("#annonce")).to_have_text("Vague 2.")
    tableau.keyboard.press("Enter")
    expect(tableau.locator(".messages[role=status]")).to_contain_text(f"{NOM} : vague 1 → vague 2.")
    expect(colonne(tableau, "Vague 2")).to_contain_text(NOM)
    expect(tableau.get_by_role("button", name=f"Saisir {NOM}")).to_be_focused()


def test_echap_annule_et_rien_ne_bouge(tableau: Page, parcours: Parcours) -> None:
    tableau.get_by_role("button", name=f"Saisir {NOM}").focus()
    for touche in ("Space", "ArrowLeft", "Escape"):
        tableau.keyboard.press(touche)
    expect(tableau.locator("#annonce")).to_have_text(f"{NOM} : annulé, rien n’a bougé.")
    expect(tableau.locator(".visee")).to_have_count(0)
    assert Parcours.objects.get(pk=parcours.pk).vague.numero == 1


def test_au_bord_les_fleches_ne_font_rien(tableau: Page) -> None:
    tableau.get_by_role("button", name=f"Saisir {NOM}").focus()
    for touche in ("Space", *["ArrowLeft"] * 4):
        tableau.keyboard.press(touche)
    expect(tableau.locator(".visee h3")).to_contain_text("Sans vague")
    tableau.keyboard.press("Enter")
    expect(tableau.locator(".messages[role=status]")).to_contain_text("vague 1 → hors vague.")


def test_a_la_souris_on_glisse_puis_on_annule(tableau: Page) -> None:
    tableau.locator(".carte").drag_to(tableau.locator("[data-colonne]").nth(2))
    expect(colonne(tableau, "Vague 2")).to_contain_text(NOM)
    tableau.get_by_role("button", name="Annuler : remettre").click()
    expect(colonne(tableau, "Vague 1")).to_contain_text(NOM)


def test_par_etat_poser_mene_a_la_decision_et_ne_decide_rien(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, parcours: Parcours
) -> None:
    page = ouvrir(new_context(), live_server.url, parcours.grappe, directrice_de(parcours), "?par=etat")
    page.get_by_role("button", name=f"Saisir {NOM}").focus()
    for touche in ("Space", "ArrowRight", "ArrowRight"):
        page.keyboard.press(touche)
    expect(page.locator("#annonce")).to_have_text("Préparation : pas d’ici.")
    page.keyboard.press("Enter")
    expect(page.locator("#annonce")).to_contain_text("Possible : « Passer au cadrage ».")
    for touche in ("Space", "ArrowRight", "Enter"):
        page.keyboard.press(touche)
    expect(page).to_have_url(f"{live_server.url}/passages/parcours/{parcours.pk}/engager/")
    assert Parcours.objects.get(pk=parcours.pk).etat == "recense"


def test_sans_script_le_menu_deplace(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, parcours: Parcours
) -> None:
    poste = new_context(java_script_enabled=False)
    page = ouvrir(poste, live_server.url, parcours.grappe, cheffe_de(parcours.grappe))
    expect(page.locator(".poignee")).to_be_hidden()
    page.locator(".carte summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Vague 2").focus()
    page.keyboard.press("Enter")
    expect(colonne(page, "Vague 2")).to_contain_text(NOM)
