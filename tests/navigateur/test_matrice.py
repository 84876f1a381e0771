"""La grille des droits d'accès au clavier seul : se déplacer, choisir, coller, enregistrer ; puis sans script."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from formation.models import Matrice
from formation.services import matrices as services
from formation.services import profils
from programme.models import Parcours, Utilisateur
from programme.services.reference import charger_reference
from tests.fabriques import GrappeFactory, ParcoursFactory, cheffe_de, directrice_de
from tests.navigateur.gestes import Poste, aller_enregistrer, coller, entrer, tabuler_jusqu_a_la_grille

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def parcours() -> Parcours:
    charger_reference()
    return ParcoursFactory(grappe=GrappeFactory())


@pytest.fixture
def directrice(parcours: Parcours) -> Utilisateur:
    return directrice_de(parcours)


@pytest.fixture
def variante(parcours: Parcours, directrice: Utilisateur) -> Matrice:
    """Une variante vide, sous les profils types."""
    profils.partir_du_type(grappe=parcours.grappe, par=cheffe_de(parcours.grappe))
    return services.ouvrir_variante(parcours=parcours, par=directrice)


def en_base(matrice: Matrice) -> dict[tuple[str, str], tuple[str, str]]:
    lues = matrice.habilitations.values_list("profil__code", "module__code", "droit", "portee")
    return {(p, m): (d, portee) for p, m, d, portee in lues}


def test_remplir_la_grille_sans_souris(
    new_context: Poste, live_server: LiveServer, directrice: Utilisateur, variante: Matrice
) -> None:
    page = entrer(new_context, live_server.url, directrice, permissions=["clipboard-read", "clipboard-write"])
    page.goto(live_server.url + reverse("formation:matrice-saisir", args=[variante.pk]))
    tabuler_jusqu_a_la_grille(page)
    page.keyboard.press("v")
    page.keyboard.press("t")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("l")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("e")
    page.keyboard.press("s")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("d")
    page.keyboard.press("a")
    expect(page.locator("[data-changees]")).to_have_text("3 cases changées, pas encore enregistrées")
    # Un bloc, avec un mot inconnu : rien n'est posé, la page dit où ; les cases déjà choisies restent.
    page.keyboard.press("ArrowDown")
    coller(page, "L\tE unité\nV toutes\tlire parfois")
    fautes = page.locator(".avis[data-foyer]")
    expect(fautes).to_contain_text("« lire parfois » n'est pas un droit. Attendu : A (aucun), L (lecture)")
    expect(fautes).to_contain_text(
        "Ligne 2 (« Vie quotidienne et nuit »), colonne « Journal de bord et transmissions »"
    )
    expect(page.locator("[data-changees]")).to_have_text("3 cases changées, pas encore enregistrées")
    assert not en_base(variante)
    tabuler_jusqu_a_la_grille(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    coller(page, "L\tE unité\r\nV toutes\tadmin\r\n")
    expect(page.locator(".avis[data-foyer]")).to_contain_text("4 cases collées, 4 changent.")
    assert Axe().run(page).response["violations"] == []
    aller_enregistrer(page)
    expect(page.locator(".messages[role=status]")).to_contain_text("Grille enregistrée : 7 cases changées.")
    assert en_base(variante) == {
        ("direction", "dossier-administratif"): ("validation", "toutes"),
        ("direction", "journal-de-bord"): ("lecture", "unite"),
        ("encadrement", "journal-de-bord"): ("ecriture", "suivies"),
        ("educatif", "dossier-administratif"): ("lecture", "unite"),
        ("educatif", "journal-de-bord"): ("ecriture", "unite"),
        ("quotidien", "dossier-administratif"): ("validation", "toutes"),
        ("quotidien", "journal-de-bord"): ("administration", "unite"),
    }
    assert Axe().run(page).response["violations"] == []


def test_sans_script_le_meme_formulaire(
    new_context: Poste, live_server: LiveServer, directrice: Utilisateur, variante: Matrice
) -> None:
    page = entrer(new_context, live_server.url, directrice, java_script_enabled=False)
    page.goto(live_server.url + reverse("formation:matrice-saisir", args=[variante.pk]))
    page.get_by_label("Direction, Agenda et plannings").select_option("lecture:toutes")
    page.get_by_text("Coller un bloc de tableur", exact=True).click()
    page.get_by_label("Première case du bloc").select_option(label="Direction, Projet personnalisé")
    page.get_by_label("Coller ici").fill("V\tL suivies")
    page.get_by_role("button", name="Poser le bloc dans la grille").click()
    expect(page.locator(".avis[data-foyer]")).to_contain_text("2 cases collées, 2 changent.")
    page.get_by_role("button", name="Enregistrer la grille").click()
    assert en_base(variante) == {
        ("direction", "agenda"): ("lecture", "toutes"),
        ("direction", "projet-personnalise"): ("validation", "unite"),
        ("direction", "evaluations"): ("lecture", "suivies"),
    }
