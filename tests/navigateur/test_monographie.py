"""Une monographie dans un vrai navigateur : deux auteurs, un brouillon gardé, des mots choisis et commentés."""

import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.navigateur.gestes import Poste, entrer
from tests.usages.monographies.fabriques import VerbatimDeVisiteFactory
from tests.usages.monographies.mondes_ecriture import TEXTE, Monde, un_monde
from usages.models import Commentaire, SectionMonographie

pytestmark = pytest.mark.django_db(transaction=True)

REGARD = (Path(__file__).parent / "regard.js").read_text()
VINGT, DIX, TRENTE = (f"Elle durait {n} minutes." for n in ("vingt", "dix", "trente"))


@pytest.fixture
def monde(transactional_db: Any) -> Monde:
    monde = un_monde()
    monde.ecrire()
    return monde


def texte_de(page: Page) -> Any:
    return page.get_by_label("Texte de la section")


def enregistrer(page: Page) -> None:
    with page.expect_response(lambda r: r.request.method == "POST"):
        page.get_by_role("button", name="Enregistrer").click()


def versions(monde: Monde) -> list[str]:
    histoire = SectionMonographie.history.filter(id=monde.section().pk).order_by("history_id")
    return list(histoire.values_list("texte", flat=True))


def test_deux_auteurs_a_la_fois(new_context: Poste, live_server: LiveServer, monde: Monde) -> None:
    adresse = f"{live_server.url}{monde.url('section-ecrire')}"
    un, autre = (entrer(new_context, live_server.url, compte) for compte in (monde.pilote, monde.auteur))
    for page in (un, autre):
        page.goto(adresse)

    # Pas au même endroit : tout se réunit, et la seconde l'apprend.
    texte_de(un).fill(TEXTE.replace("La nuit écrit", "La nuit dit tout"))
    enregistrer(un)
    expect(un.get_by_text("est enregistrée")).to_be_visible()
    texte_de(autre).fill(TEXTE.replace(VINGT, DIX))
    enregistrer(autre)
    expect(autre.get_by_text(re.compile("réuni à ce que"))).to_be_visible()
    expect(texte_de(autre)).to_have_value(re.compile(r"dix minutes[\s\S]*La nuit dit tout"))

    # Au même endroit, la première n'ayant pas relu : elle choisit, côte à côte ; rien ne s'écrit avant.
    mien = texte_de(un).input_value().replace(VINGT, TRENTE)
    texte_de(un).fill(mien)
    enregistrer(un)
    expect(un.get_by_role("alert")).to_contain_text("Rien n’est encore enregistré")
    assert TRENTE not in monde.section().texte
    passage = un.get_by_role("region", name="Passage 1")
    expect(passage.get_by_text(TRENTE)).to_be_visible()
    expect(passage.get_by_text(DIX)).to_be_visible()
    passage.get_by_label("Le sien").check()
    with un.expect_navigation():
        un.get_by_role("button", name="Enregistrer le texte réuni").click()
    assert DIX in monde.section().texte and TRENTE not in monde.section().texte
    # Ce qu'elle n'a pas gardé est dans l'histoire.
    assert any(TRENTE in version for version in versions(monde))


def test_un_texte_non_enregistre_reste_sur_l_appareil(
    new_context: Poste, live_server: LiveServer, monde: Monde
) -> None:
    adresse = f"{live_server.url}{monde.url('section-ecrire')}"
    page = entrer(new_context, live_server.url, monde.pilote)
    page.goto(adresse)
    texte_de(page).fill("Écrit dans le train.")
    expect(page.get_by_text("pas encore enregistré")).to_be_visible()
    page.goto(adresse)
    expect(texte_de(page)).to_have_value(TEXTE)
    page.get_by_role("button", name="Le reprendre").click()
    expect(texte_de(page)).to_have_value("Écrit dans le train.")
    enregistrer(page)
    expect(page.get_by_text("est enregistrée")).to_be_visible()
    # L'ancre qui dit « oublie ton brouillon » a été lue : elle n'est plus dans l'adresse.
    expect(page).to_have_url(adresse)
    assert page.evaluate("Object.keys(localStorage).length") == 0
    page.goto(adresse)
    expect(page.get_by_role("button", name="Le reprendre")).to_be_hidden()
    assert monde.section().texte == "Écrit dans le train."


def test_les_boutons_tapent_les_signes(new_context: Poste, live_server: LiveServer, monde: Monde) -> None:
    verbatim = VerbatimDeVisiteFactory(visite=monde.monographie.visite)
    page = entrer(new_context, live_server.url, monde.pilote)
    page.goto(f"{live_server.url}{monde.url('section-ecrire')}")
    zone = texte_de(page)
    zone.fill("un mot")
    zone.evaluate("z => z.setSelectionRange(3, 6)")
    page.get_by_role("button", name="Gras").click()
    expect(zone).to_have_value("un **mot**")
    page.get_by_role("button", name="Liste").click()
    expect(zone).to_have_value("- un **mot**")
    page.get_by_text("Verbatims à citer").click()
    page.get_by_role("button", name=re.compile("Insérer")).click()
    expect(zone).to_have_value(re.compile(rf"@verbatim {verbatim.pk}"))
    # Sur sa ligne, et séparé de ce qui l'entoure.
    assert f"@verbatim {verbatim.pk}" in zone.input_value().split("\n")


def test_la_direction_choisit_des_mots_et_les_commente(
    new_context: Poste, live_server: LiveServer, monde: Monde
) -> None:
    monde.mener("relecture")
    page = entrer(new_context, live_server.url, monde.direction, viewport={"width": 360, "height": 740})
    page.goto(f"{live_server.url}{monde.url('section-relire')}")
    page.evaluate(
        """() => {
          const noeud = document.querySelector("[data-bloc='1'] p").firstChild;
          const debut = noeud.data.indexOf("vingt minutes");
          getSelection().setBaseAndExtent(noeud, debut, noeud, debut + "vingt minutes".length);
        }"""
    )
    expect(page.get_by_label("Les mots exacts")).to_have_value("vingt minutes")
    page.get_by_label("Votre remarque").fill("Plutôt trente.")
    page.get_by_role("button", name="Noter la remarque").click()
    expect(page.get_by_role("article", name=re.compile("Remarque de"))).to_contain_text("« vingt minutes »")
    une = Commentaire.objects.get()
    assert (une.bloc, une.extrait, une.texte) == (1, "vingt minutes", "Plutôt trente.")


PAGES = ("monographie-detail", "section-ecrire", "section-histoire", "section-relire", "monographie-faits")


@pytest.mark.parametrize("nom", [*PAGES, "monographie-sigles", "monographie-documents"])
def test_axe_et_320_px(nom: str, new_context: Poste, live_server: LiveServer, monde: Monde) -> None:
    monde.ecrire(f"{TEXTE}\n\n!!! Focus\n\nDes mots.\n\n!!!\n\n> Dit ainsi\n> — une éducatrice\n\nLe CODIR.")
    monde.mener("relecture")
    page = entrer(new_context, live_server.url, monde.auteur)
    page.add_init_script(REGARD)
    page.goto(f"{live_server.url}{monde.url(nom)}")
    fautes = Axe().run(page).response["violations"]
    assert not [(f["id"], n["target"][0]) for f in fautes for n in f["nodes"]]
    page.set_viewport_size({"width": 320, "height": 640})
    assert not page.evaluate("regard.debordements()")
