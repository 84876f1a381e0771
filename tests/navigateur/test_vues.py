"""Une liste dans un navigateur : les colonnes ne perdent rien, les vues et les gestes groupés se font au clavier."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from programme.models import Esms, Parcours, Utilisateur, Vague
from programme.services.vues import enregistrer_vue
from programme.socle.models import Filtre
from tests.aides import connecte
from tests.fabriques import GrappeFactory, ParcoursFactory, cheffe_de

pytestmark = pytest.mark.django_db(transaction=True)
Ouvrir = Callable[[str], Page]


@pytest.fixture
def cheffe() -> Utilisateur:
    """Conduit une grappe de trente ESMS."""
    grappe = GrappeFactory(nom="Rives de Garonne")
    Vague.objects.create(grappe=grappe, numero=2)
    for rang in range(30):
        ParcoursFactory(grappe=grappe, esms__nom=f"{'IME' if rang % 2 else 'EHPAD'} {rang:02d}")
    ParcoursFactory(grappe=GrappeFactory(), esms__nom="IME ailleurs")
    Esms.objects.filter(nom="IME 07").update(recherche="ime 07 tourmaline")
    return cheffe_de(grappe)


@pytest.fixture
def ouvrir(page: Page, live_server: LiveServer, cheffe: Utilisateur) -> Ouvrir:
    """Ouvre une adresse sous le compte de la cheffe."""
    jeton = connecte(cheffe).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": jeton, "url": live_server.url}])

    def aller(adresse: str) -> Page:
        page.goto(f"{live_server.url}{adresse}")
        return page

    return aller


def activer(page: Page, role: str, nom: str) -> None:
    """Au clavier : le foyer sur l'élément, puis Entrée."""
    cible = page.get_by_role(role, name=nom, exact=True)  # type: ignore[arg-type]
    cible.focus()
    expect(cible).to_be_focused()
    page.keyboard.press("Enter")


def exiger_accessible(page: Page) -> None:
    """Ni violation axe, ni débordement à 320 px."""
    assert not Axe().run(page).response["violations"]
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert not Axe().run(page).response["violations"]
    page.set_viewport_size({"width": 1280, "height": 720})


def test_menu_ouvert_vue_modifiee_feuille_et_apercu_sont_accessibles(ouvrir: Ouvrir, cheffe: Utilisateur) -> None:
    grappe = Parcours.objects.first().grappe
    enregistrer_vue(
        par=cheffe, liste="programme:parcours-liste", nom="IME", criteres={"recherche": ["ime"]},
        partage="grappe", grappe=grappe,
    )  # fmt: skip
    gardee = Filtre.objects.get()
    page = ouvrir(f"/parcours/?vue={gardee.pk}&etat=recense")
    page.locator("#vues summary").click()
    page.get_by_role("checkbox", name="Choisir IME 01").check()
    exiger_accessible(page)
    exiger_accessible(ouvrir(f"/parcours/?vue={gardee.pk}&format=impression"))
    page = ouvrir("/parcours/?recherche=ime")
    page.get_by_role("checkbox", name="Tout cocher sur la page").check()
    page.get_by_role("button", name="Réviser une date").click()
    exiger_accessible(page)
    page.get_by_label("Nouvelle date").fill("2030-05-01")
    page.get_by_role("button", name="Voir ce qui changera").click()
    expect(page.get_by_role("button", name="Confirmer pour 15 ESMS")).to_be_visible()
    exiger_accessible(page)


def test_changer_de_colonnes_ne_perd_ni_filtre_ni_tri_ni_recherche_ni_taille(ouvrir: Ouvrir) -> None:
    page = ouvrir("/parcours/?etat=recense&recherche=ime&tri=-nom&par_page=25")
    page.get_by_text("Colonnes", exact=True).click()
    page.get_by_role("checkbox", name="Ville").check()
    expect(page.locator("thead")).to_contain_text("Ville")
    expect(page).to_have_url(re.compile("etat=recense"))
    for reste in ("recherche=ime", "tri=-nom", "par_page=25"):
        assert reste in page.url
    expect(page.locator("tbody tr")).to_have_count(15)
    expect(page.locator("tbody tr").first).to_contain_text("IME 29")
    page.get_by_role("button", name="Revenir aux colonnes d’origine").click()
    expect(page.locator("thead")).not_to_contain_text("Ville")
    for reste in ("etat=recense", "recherche=ime", "tri=-nom", "par_page=25"):
        assert reste in page.url
    assert "colonnes" not in page.url


def test_enregistrer_ouvrir_modifier_supprimer_une_vue_au_clavier(ouvrir: Ouvrir) -> None:
    page = ouvrir("/parcours/?recherche=ime&tri=-nom")
    page.locator("#vues summary").focus()
    page.keyboard.press("Enter")
    activer(page, "link", "Enregistrer cette vue")
    page.get_by_role("textbox", name="Nom de la vue").focus()
    page.keyboard.type("Les IME")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("La vue « Les IME » est enregistrée.")
    expect(page).to_have_url(re.compile(r"\?vue=\d+$"))
    expect(page.locator("tbody tr")).to_have_count(15)
    page.get_by_role("searchbox").focus()
    page.keyboard.press("End")
    page.keyboard.type(" tourmaline")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator(".vue-ouverte")).to_contain_text("Les IME, modifiée")
    activer(page, "button", "Enregistrer les changements")
    expect(page.get_by_role("status").first).to_contain_text("garde maintenant ces critères")
    assert Filtre.objects.get().criteres == {"recherche": ["ime tourmaline"], "tri": ["-nom"]}
    activer(page, "link", "Renommer, partager")
    activer(page, "link", "Supprimer cette vue")
    activer(page, "button", "Supprimer cette vue")
    expect(page.get_by_role("status").first).to_contain_text("est supprimée")
    assert not Filtre.objects.exists()


def test_vider_la_recherche_d_une_vue_par_defaut_ne_la_rouvre_pas(ouvrir: Ouvrir, cheffe: Utilisateur) -> None:
    enregistrer_vue(
        par=cheffe, liste="programme:parcours-liste", nom="IME", criteres={"recherche": ["ime"]}, est_defaut=True
    )
    page = ouvrir("/parcours/")
    expect(page).to_have_url(re.compile(r"\?vue=\d+$"))
    expect(page.locator("tbody tr")).to_have_count(15)
    page.get_by_role("searchbox").fill("")
    expect(page.locator("tbody tr")).to_have_count(30)
    page.reload()
    expect(page.locator("tbody tr")).to_have_count(30)


def test_un_geste_groupe_au_clavier(ouvrir: Ouvrir) -> None:
    page = ouvrir("/parcours/?recherche=ehpad")
    for nom in ("Choisir EHPAD 00", "Choisir EHPAD 04"):
        page.get_by_role("checkbox", name=nom).focus()
        page.keyboard.press("Space")
    expect(page.locator(".lot")).to_contain_text("2 lignes choisies")
    activer(page, "button", "Changer de vague")
    page.get_by_label("Ranger dans").focus()
    page.keyboard.type("vague 2")
    activer(page, "button", "Voir ce qui changera")
    expect(page.get_by_role("heading", level=1)).to_have_text("Changer de vague : 2 ESMS choisis")
    expect(page.locator("tbody tr")).to_have_count(2)
    assert not Parcours.objects.filter(vague__isnull=False).exists()
    activer(page, "button", "Confirmer pour 2 ESMS")
    expect(page.get_by_role("status").first).to_contain_text("2 ESMS ont changé de vague")
    expect(page).to_have_url(re.compile(r"/parcours/\?recherche=ehpad$"))
    assert Parcours.objects.filter(vague__numero=2).count() == 2


def test_tout_cocher_sur_la_page_meme_apres_un_tri(ouvrir: Ouvrir) -> None:
    page = ouvrir("/parcours/?par_page=25")
    page.get_by_role("link", name="ESMS", exact=True).last.click()
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("ESMS")
    page.get_by_role("checkbox", name="Tout cocher sur la page").check()
    expect(page.locator(".lot")).to_contain_text("25 lignes choisies")
    expect(page.locator("tbody input:checked")).to_have_count(25)
    page.get_by_label("les 30 ESMS du filtre").check()
    page.get_by_role("button", name="Changer de vague").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Changer de vague : 30 ESMS choisis")
