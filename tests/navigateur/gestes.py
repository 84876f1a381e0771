"""Gestes communs aux essais dans un navigateur : entrer, franchir un passage, tenir une grille au clavier."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from playwright.sync_api import BrowserContext, Error, Locator, Page, expect

from programme.models import Utilisateur
from programme.socle.enums import EtatTravail
from programme.socle.models import Travail
from programme.socle.travaux import executer
from tests.aides import connecte

Poste = Callable[..., BrowserContext]


SOUS_LE_FOYER = "document.activeElement.name || ''"


class Compteur:
    """Compte les gestes d'une personne : chaque clic, chaque case remplie."""

    def __init__(self) -> None:
        self.nombre = 0

    def clic(self, cible: Locator) -> None:
        self.nombre += 1
        cible.click()

    def tape(self, cible: Locator, texte: str) -> None:
        self.nombre += 1
        cible.fill(texte)
        cible.press("Tab")


def entrer(nouveau: Poste, serveur: str, compte: Utilisateur, **options: Any) -> Page:
    """Un poste de plus, la session de ce compte déjà ouverte."""
    poste = nouveau(**options)
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


def tabuler_jusqu_a_la_grille(page: Page) -> str:
    """Tabule jusqu'à la première case de la grille des droits d'accès ; rend son nom."""
    for _ in range(60):
        if (nom := page.evaluate(SOUS_LE_FOYER)).startswith("c-"):
            return str(nom)
        page.keyboard.press("Tab")
    raise AssertionError("la grille est hors d'atteinte au clavier")


def coller(page: Page, bloc: str) -> None:
    """Copier ailleurs, puis Ctrl+V sur la case."""
    page.evaluate("(texte) => navigator.clipboard.writeText(texte)", bloc)
    page.keyboard.press("Control+V")


def aller_enregistrer(page: Page) -> None:
    """Tabule jusqu'à « Enregistrer la grille », et entre."""
    for _ in range(400):
        if page.evaluate("document.activeElement.value") == "enregistrer":
            page.keyboard.press("Enter")
            return
        page.keyboard.press("Tab")
    raise AssertionError("« Enregistrer » est hors d'atteinte au clavier")


def travailler(page: Page) -> None:
    """Ce que ferait le travailleur, puis la page telle qu'elle est."""
    for travail in Travail.objects.filter(etat=EtatTravail.EN_ATTENTE).order_by("pk"):
        executer(travail.pk)
    page.wait_for_load_state()
    try:
        page.reload()
    except Error:
        # Le clic d'avant menait encore à cette page : une fois arrivée, elle se recharge.
        page.wait_for_load_state()
        page.reload()
