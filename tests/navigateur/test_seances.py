"""Tenir une séance à deux : rien ne s'écrase, ce qui est tapé reste ; chaque état se lit au téléphone et par axe."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from gouvernance.models import Issue, Point, Seance
from gouvernance.services.ordre_du_jour import ajouter_point
from programme.enums import Role
from programme.socle.porte import changer_etat
from tests.aides import connecte
from tests.fabriques import affecter, cheffe_de
from tests.gouvernance.fabriques import InstanceFactory, mandater, seance_ouverte

pytestmark = pytest.mark.django_db(transaction=True)
Poste = Callable[..., BrowserContext]


def entrer(nouveau: Poste, serveur: str, compte: Any, seance: Seance) -> Page:
    """La page de la séance, la session déjà ouverte sous ce compte."""
    poste = nouveau()
    jeton = connecte(compte).cookies[settings.SESSION_COOKIE_NAME].value
    poste.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": jeton, "url": serveur}])
    page = poste.new_page()
    page.goto(serveur + reverse("gouvernance:seance-detail", args=[seance.pk]))
    return page


@pytest.fixture
def seance() -> Seance:
    seance = seance_ouverte(InstanceFactory(quorum=50, nom="COMOP"))
    cheffe = cheffe_de(seance.comite.grappe)
    for titre in ("Formations de nuit", "Vague 2"):
        ajouter_point(seance=seance, titre=titre, par=cheffe)
    mandater(seance.comite, cheffe)
    return seance


def test_deux_personnes_prennent_des_notes(seance: Seance, new_context: Poste, live_server: LiveServer) -> None:
    un, deux = Point.objects.order_by("rang")
    animatrice = affecter(Role.MEMBRE, seance.comite.grappe)
    mandater(seance.comite, animatrice, anime=True)
    ici = entrer(new_context, live_server.url, cheffe_de(seance.comite.grappe), seance)
    la = entrer(new_context, live_server.url, animatrice, seance)
    # L'une écrit et passe à la suite : c'est enregistré, sans bouton.
    ici.fill(f"#id_p{un.pk}-notes", "On garde mars.")
    ici.focus(f"#id_p{un.pk}-suite")
    expect(ici.locator(f"#etat-notes-{un.pk}")).to_contain_text("Enregistré")
    # L'autre écrit le même point, sur sa page d'avant : elle l'apprend, rien ne disparaît.
    la.fill(f"#id_p{un.pk}-notes", "Plutôt avril.")
    la.focus(f"#id_p{deux.pk}-notes")
    la.keyboard.type("En cours de frappe")
    bloc = la.locator(f"#notes-{un.pk}")
    expect(bloc.get_by_role("alert")).to_contain_text("Votre saisie est gardée")
    expect(bloc).to_contain_text("On garde mars.")
    expect(la.locator(f"#id_p{un.pk}-notes")).to_have_value("Plutôt avril.")
    expect(la.locator(f"#id_p{deux.pk}-notes")).to_have_value("En cours de frappe")
    assert not Axe().run(la).response["violations"]
    # Corriger ne suffit plus : après un refus, on enregistre en le demandant.
    la.fill(f"#id_p{un.pk}-notes", "Mars, sauf avis contraire.")
    la.focus(f"#id_p{deux.pk}-suite")
    expect(la.locator(f"#etat-notes-{deux.pk}")).to_contain_text("Enregistré")
    assert Point.objects.get(pk=un.pk).notes == "On garde mars."
    bloc.get_by_role("button").press("Enter")
    expect(la.locator(f"#etat-notes-{un.pk}")).to_contain_text("Enregistré")
    expect(bloc.get_by_role("alert")).to_have_count(0)
    expect(la.locator(f"#notes-{un.pk}:focus-within")).to_have_count(1)
    assert Point.objects.get(pk=un.pk).notes == "Mars, sauf avis contraire."


def test_consigner_sur_place_ne_perd_pas_les_notes(seance: Seance, new_context: Poste, live_server: LiveServer) -> None:
    point = Point.objects.order_by("rang")[0]
    page = entrer(new_context, live_server.url, cheffe_de(seance.comite.grappe), seance)
    page.fill(f"#id_p{point.pk}-notes", "Tout juste tapé")
    issues = page.locator(f"#issues-{point.pk}")
    issues.get_by_role("link", name="Information").click()
    issues.get_by_role("textbox").fill("Le formateur revient le 12.")
    issues.get_by_role("button", name="Consigner").click()
    expect(issues.get_by_role("listitem")).to_contain_text("Le formateur revient le 12.")
    expect(page.locator(f"#id_p{point.pk}-notes")).to_have_value("Tout juste tapé")
    assert Issue.objects.get().texte == "Le formateur revient le 12."


@pytest.mark.parametrize("transitions", [(), ("clore",), ("clore", "diffuser")])
def test_chaque_etat_se_lit(
    transitions: tuple[str, ...], seance: Seance, new_context: Poste, live_server: LiveServer
) -> None:
    cheffe = cheffe_de(seance.comite.grappe)
    for transition in transitions:
        changer_etat(seance, transition, par=cheffe)
    page = entrer(new_context, live_server.url, cheffe, seance)
    assert not Axe().run(page).response["violations"]
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_au_clavier_consigner_ne_perd_pas_le_focus(seance: Seance, new_context: Poste, live_server: LiveServer) -> None:
    point = Point.objects.order_by("rang")[0]
    page = entrer(new_context, live_server.url, cheffe_de(seance.comite.grappe), seance)
    issues, ici = page.locator(f"#issues-{point.pk}"), page.locator(f"#issues-{point.pk}:focus-within")
    issues.get_by_role("link", name="Information").press("Enter")
    expect(issues.get_by_role("textbox")).to_be_visible()
    expect(ici).to_have_count(1)
    assert not Axe().run(page).response["violations"]
    issues.get_by_role("button", name="Consigner").press("Enter")
    expect(issues.get_by_text("Écrivez ce qu'il faut retenir.").first).to_be_visible()
    expect(ici).to_have_count(1)
    assert not Axe().run(page).response["violations"]
    issues.get_by_role("textbox").fill("Le formateur revient le 12.")
    issues.get_by_role("button", name="Consigner").press("Enter")
    expect(issues.get_by_role("listitem")).to_contain_text("Le formateur revient le 12.")
    expect(ici).to_have_count(1)
