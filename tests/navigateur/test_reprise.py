"""Reprendre trois classeurs de bout en bout, dans un vrai navigateur ; le quatrième est refusé, toutes fautes dites."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from programme.enums import Role
from programme.models import Grappe, Parcours
from tests.fabriques import GrappeFactory, affecter
from tests.navigateur.gestes import travailler
from tests.programme.reprise.aides import CLASSEURS, FAUTIF, JUSTES, annuaire

MOT_DE_PASSE = "un-mot-de-passe-d-essai"
CHOIX = {"OK": "service_regulier", "Terminé": "routine"}
"""Ce que la cheffe répond pour les mots que Treille ne devine pas ; l'issue d'une VA a les siens."""


def connecter(contexte: BrowserContext, serveur: str) -> Page:
    page = contexte.new_page()
    page.goto(f"{serveur}/connexion/")
    page.get_by_label("Identifiant").fill("cheffe")
    page.get_by_label("Mot de passe").fill(MOT_DE_PASSE)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Se connecter")
    return page


def deposer(page: Page, serveur: str, grappe: Grappe, fichier: Path) -> None:
    page.goto(f"{serveur}/grappes/{grappe.pk}/")
    page.get_by_text("Conduire la grappe").first.click()
    page.get_by_role("link", name="Reprendre un classeur existant").first.click()
    page.get_by_label("Votre classeur").set_input_files(fichier)
    page.get_by_role("button", name="Lire le classeur").click()


def relier(page: Page, code: str) -> None:
    """Répond aux mots que Treille n'a pas devinés, nomme la correspondance, va à l'aperçu."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce que dit votre classeur")
    for liste in page.locator("select[name^='mot_']").all():
        if liste.input_value():
            continue
        ecrit = page.locator(f"label[for='{liste.get_attribute('id')}']").inner_text()
        est_issue = "issue" in (liste.get_attribute("name") or "")
        reponse = "prononcee" if est_issue else next((etat for mot, etat in CHOIX.items() if mot in ecrit), "")
        if reponse:
            liste.select_option(reponse)
    page.get_by_label("Nom de la correspondance").fill(f"Classeur {code}")
    page.get_by_label("Code", exact=True).fill(code)
    page.get_by_role("button", name="Enregistrer et voir l’aperçu").click()
    travailler(page)


@pytest.mark.django_db(transaction=True)
def test_trois_classeurs_repris_le_quatrieme_refuse(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, tmp_path: Path
) -> None:
    annuaire()
    serveur = live_server.url
    grappes = {code: GrappeFactory(nom=f"Grappe {code}") for code in (*JUSTES, FAUTIF)}
    cheffe = affecter(Role.CHEF_PROJET, grappes[JUSTES[0]])
    for grappe in list(grappes.values())[1:]:
        affecter(Role.CHEF_PROJET, grappe, utilisateur=cheffe)
    cheffe.identifiant = "cheffe"
    cheffe.set_password(MOT_DE_PASSE)
    cheffe.save()
    page = connecter(new_context(), serveur)

    for code in JUSTES:
        grappe = grappes[code]
        deposer(page, serveur, grappe, CLASSEURS[code])
        relier(page, code)
        expect(page.get_by_text("Rien n’est encore écrit")).to_be_visible()
        assert not Parcours.objects.filter(grappe=grappe).exists()
        page.get_by_role("button", name="Confirmer").click()
        travailler(page)
        expect(page.get_by_text("C’est écrit")).to_be_visible()
        page.get_by_role("link", name=f"Ouvrir « {grappe.nom} »").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(grappe.nom)

        # Rejoué, le même classeur ne change rien : Treille retrouve seule sa correspondance.
        deposer(page, serveur, grappe, CLASSEURS[code])
        travailler(page)
        expect(page.get_by_text("Rien à écrire")).to_be_visible()

        # La feuille rendue, rapportée telle quelle, non plus.
        page.goto(f"{serveur}/grappes/{grappe.pk}/reprise/")
        with page.expect_download() as attente:
            page.get_by_role("listitem").filter(has_text=f"code {code})").get_by_role("link", name="Emporter").click()
        rendu = tmp_path / f"{code}.xlsx"
        attente.value.save_as(rendu)
        deposer(page, serveur, grappe, rendu)
        travailler(page)
        expect(page.get_by_text("Rien à écrire")).to_be_visible()

    assert [Parcours.objects.filter(grappe=grappes[code]).count() for code in JUSTES] == [12, 20, 80]

    deposer(page, serveur, grappes[FAUTIF], CLASSEURS[FAUTIF])
    relier(page, FAUTIF)
    expect(page.get_by_role("heading", name="12 fautes à corriger")).to_be_visible()
    expect(page.get_by_role("button", name="Confirmer")).to_have_count(0)
    for mots in (
        "C3:C4", "la clé", "en bonne voie", "31/02/2023", "12/03/2035", "formule", "précède la VA", "étape d'avant",
        "sans courriel", "à un autre état",
    ):  # fmt: skip
        expect(page.get_by_role("cell").filter(has_text=mots).first).to_be_visible()
    assert not Parcours.objects.filter(grappe=grappes[FAUTIF]).exists()
