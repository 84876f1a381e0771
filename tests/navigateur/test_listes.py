"""Une liste dans un navigateur : chercher, trier, choisir, revenir, sans recharger la page ni perdre sa place."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.aides import connecte
from tests.fabriques import CategorieFactory, EsmsFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def annuaire(page: Page, live_server: LiveServer) -> Page:
    """L'annuaire ouvert, avec un témoin qu'un rechargement effacerait."""
    EsmsFactory.create_batch(60, nom="IME du Port")
    EsmsFactory(nom="EHPAD Les Chênes", ville="Arès")
    jeton = connecte(UtilisateurFactory()).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": jeton, "url": live_server.url}])
    page.goto(f"{live_server.url}/annuaire/esms/")
    page.evaluate("window.temoin = true")
    return page


def rien_recharge(page: Page) -> None:
    assert page.evaluate("window.temoin") is True


def test_chercher_en_tapant_garde_la_page_et_l_annonce(annuaire: Page) -> None:
    annuaire.get_by_role("searchbox").press_sequentially("chenes")
    expect(annuaire.locator("tbody tr")).to_have_count(1)
    expect(annuaire).to_have_url(re.compile(r"\?recherche=chenes$"))
    expect(annuaire.locator("#annonce")).to_have_text("1 ESMS, de 1 à 1")
    expect(annuaire.get_by_role("searchbox")).to_be_focused()
    rien_recharge(annuaire)


def test_trier_au_clavier_garde_le_foyer(annuaire: Page) -> None:
    annuaire.get_by_role("link", name="Ville").focus()
    annuaire.keyboard.press("Enter")
    expect(annuaire.locator("th[aria-sort=ascending]")).to_contain_text("Ville")
    expect(annuaire.locator("tbody tr").first).to_contain_text("Chênes")
    expect(annuaire.get_by_role("link", name="Ville")).to_be_focused()
    rien_recharge(annuaire)


def test_changer_de_page_puis_revenir(annuaire: Page) -> None:
    annuaire.get_by_role("link", name="Suivante").click()
    expect(annuaire.locator("tbody tr")).to_have_count(11)
    rien_recharge(annuaire)
    annuaire.go_back()
    expect(annuaire.locator("tbody tr")).to_have_count(50)


def test_choisir_une_colonne_la_montre_et_la_garde(annuaire: Page) -> None:
    annuaire.get_by_text("Colonnes", exact=True).click()
    annuaire.get_by_role("checkbox", name="Secteur").check()
    expect(annuaire.locator("thead")).to_contain_text("Secteur")
    annuaire.keyboard.press("Escape")
    annuaire.get_by_role("searchbox").press_sequentially("chenes")
    expect(annuaire.locator("tbody tr")).to_have_count(1)
    expect(annuaire.locator("thead")).to_contain_text("Secteur")
    rien_recharge(annuaire)


def test_ouvrir_les_filtres_au_clavier_puis_filtrer_garde_la_recherche(annuaire: Page) -> None:
    EsmsFactory(
        nom="EHPAD Les Chênes rouges",
        categorie=CategorieFactory(code="354", sigle="SSIAD", secteur="DOMICILE"),
        ville="Arès",
    )
    annuaire.get_by_role("searchbox").press_sequentially("chenes")
    expect(annuaire.locator("tbody tr")).to_have_count(2)
    annuaire.get_by_text("Filtres", exact=True).focus()
    annuaire.keyboard.press("Enter")
    annuaire.locator("#filtres").get_by_label("Secteur").select_option("DOMICILE")
    expect(annuaire.locator("tbody tr")).to_have_count(1)
    expect(annuaire.locator("tbody")).to_contain_text("Chênes rouges")
    expect(annuaire).to_have_url(re.compile(r"recherche=chenes&secteur=DOMICILE$"))
    rien_recharge(annuaire)
