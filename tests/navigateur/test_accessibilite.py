"""Chaque page de la table d'accès : axe, clavier, 320 px, console muette, rien hors du serveur."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client, TransactionTestCase
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from tests.acces.monde import Monde, batir
from tests.acces.table import LIGNES

PAGES = [nom for nom, ligne in LIGNES.items() if ligne.genre == "page" and ligne.lit and ligne.se_montre]
ARRETS_D_UNE_DATE = 4
REGARD = (Path(__file__).parent / "regard.js").read_text()


@dataclass(frozen=True)
class Maison:
    """Le serveur, et le monde qu'il montre."""

    url: str
    monde: Monde


@pytest.fixture(scope="module")
def maison(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Maison]:
    """Un monde et un serveur pour toutes les pages : on les lit, rien ne s'y écrit.

    Rebâtir le monde et purger la base à chaque page coûterait plus que de la regarder.
    """
    with django_db_blocker.unblock():
        serveur = LiveServer("localhost")
        serveur._live_server_modified_settings.enable()
        try:
            yield Maison(serveur.url, batir())
        finally:
            serveur._live_server_modified_settings.disable()
            serveur.stop()
            TransactionTestCase()._fixture_teardown()


@pytest.fixture
def adresse(maison: Maison) -> str:
    """Celle du serveur partagé."""
    return maison.url


@pytest.fixture
def visiter(new_context: Callable[..., BrowserContext], maison: Maison) -> Callable[[str], tuple[Page, list[str]]]:
    """Ouvre une page avec les yeux de son rôle le plus naturel ; rend la page et ce que la console a dit."""

    def ouvrir(nom: str) -> tuple[Page, list[str]]:
        monde, ligne = maison.monde, LIGNES[nom]
        poste = new_context()
        if compte := monde.comptes[ligne.naturel]:
            client = Client()
            client.force_login(compte)
            valeur = client.cookies[settings.SESSION_COOKIE_NAME].value
            poste.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": valeur, "url": maison.url}])
        page, plaintes = poste.new_page(), []
        page.on("console", lambda message: message.type == "error" and plaintes.append(message.text))
        page.on("pageerror", lambda erreur: plaintes.append(str(erreur)))
        page.add_init_script(REGARD)
        reponse = page.goto(maison.url + reverse(nom.split()[0], kwargs=ligne.nommer(monde.dedans)))
        assert reponse is not None and reponse.status == 200, f"{nom} : {reponse and reponse.status}"
        expect(page.locator(".htmx-request")).to_have_count(0)
        return page, plaintes

    return ouvrir


def _axe(page: Page) -> list[str]:
    fautes = Axe().run(page).response["violations"]
    return [f"axe, {f['id']} : {noeud['target'][0]} — {f['help']}" for f in fautes for noeud in f["nodes"]]


def _clavier(page: Page) -> list[str]:
    nombre: int = page.evaluate("regard.recenser()")
    atteints: set[int] = set()
    fautes, sur_place, precedent = [], 0, None
    while len(atteints - {-1}) < nombre:
        page.keyboard.press("Tab")
        ici: dict[str, Any] = page.evaluate("regard.ici()")
        if precedent is None and "Aller au contenu" not in ici["nom"]:
            fautes.append(f"clavier : le premier arrêt est {ici['nom']}, pas le lien d'évitement")
        # Une date se parcourt en quatre arrêts (jour, mois, année, calendrier) ; au-delà, on n'en sort plus.
        sur_place = sur_place + 1 if ici["rang"] == precedent else 0
        if sur_place > ARRETS_D_UNE_DATE or (ici["rang"] == 0 and atteints):
            noms = page.evaluate("regard.noms()")
            piege = [f"clavier : on ne sort pas de {ici['nom']}"] if sur_place else []
            return fautes + piege + [f"clavier : hors d'atteinte, {noms[r]}" for r in set(range(nombre)) - atteints]
        if ici["rang"] >= 0 and ici["rang"] not in atteints and not ici["vu"]:
            fautes.append(f"clavier : le focus ne se voit pas sur {ici['nom']}")
        atteints.add(ici["rang"])
        precedent = ici["rang"]
    return fautes


def _etroit(page: Page) -> list[str]:
    page.set_viewport_size({"width": 320, "height": 640})
    return [f"320 px : dépasse, {nom}" for nom in page.evaluate("regard.debordements()")]


@pytest.mark.parametrize("nom", PAGES)
def test_chaque_page_se_lit_sans_souris_et_sur_un_telephone(nom: str, visiter: Any) -> None:
    page, plaintes = visiter(nom)

    fautes = _axe(page) + _clavier(page) + _etroit(page) + [f"console : {texte}" for texte in plaintes]

    assert not fautes, f"{nom}\n" + "\n".join(fautes)


@pytest.mark.parametrize(
    ("corps", "faute"),
    [
        ("<img src='data:,'>", "axe, image-alt"),
        (
            "<style>* {outline: 0 !important; box-shadow: none !important}</style>",
            "le focus ne se voit pas sur <button>",
        ),
        ("<a href='#' onfocus='this.blur()'>fuyant</a>", "hors d'atteinte, <a> fuyant"),
        (
            "<button onkeydown='event.preventDefault()'>piège</button><a href='#'>après</a>",
            "on ne sort pas de <button> piège",
        ),
        ("<p style='width: 400px'>large</p>", "320 px : dépasse, <p>"),
    ],
)
def test_le_regard_voit_les_fautes(page: Page, corps: str, faute: str) -> None:
    page.set_content(
        "<!DOCTYPE html><html lang='fr'><title>Essai</title><main><h1>Essai</h1>"
        f"<a href='#'>Aller au contenu</a> <button>Geste</button>{corps}</main></html>"
    )
    page.evaluate(REGARD)

    fautes = _axe(page) + _clavier(page) + _etroit(page)

    assert any(faute in f for f in fautes), fautes
