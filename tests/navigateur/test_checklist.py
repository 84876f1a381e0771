"""La checklist dans un navigateur : répondre sur place, dire pourquoi, quatre ESMS d'un coup, la visite du mois."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from programme.demonstration.charger import charger
from programme.enums import Role, StatutAction
from programme.models import Parcours, ReponseChecklist, Utilisateur
from programme.services.reference import charger_reference
from tests.aides import connecte
from tests.fabriques import (
    EsmsFactory,
    GrappeFactory,
    GroupeFactory,
    OgFactory,
    ParcoursFactory,
    affecter,
    modele_publie,
)

pytestmark = pytest.mark.django_db(transaction=True)
Poste = Callable[..., BrowserContext]
S = StatutAction
VISITE = 12
"""Gestes d'une visite du mois, au plus : ouvrir, lire, répondre, ressortir."""


def entrer(nouveau: Poste, serveur: str, compte: Any) -> Page:
    poste = nouveau(viewport={"width": 360, "height": 740})
    jeton = connecte(compte).cookies[settings.SESSION_COOKIE_NAME].value
    poste.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": jeton, "url": serveur}])
    return poste.new_page()


def action(page: Page, code: str) -> Locator:
    return page.locator(f"#action-{code}")


@pytest.fixture
def quatre() -> list[Parcours]:
    """Quatre ESMS d'un pôle, une checklist de trois actions."""
    modele_publie({"cvs": "esms", "kit": "esms", "instances": "grappe"})
    grappe, og = GrappeFactory(), OgFactory()
    parcours = [ParcoursFactory(grappe=grappe, esms=EsmsFactory(nom=f"IME {n}", og=og)) for n in range(4)]
    groupe = GroupeFactory(og=og)
    groupe.esms.add(*(p.esms for p in parcours))
    return parcours


@pytest.fixture
def directrice(quatre: list[Parcours]) -> Utilisateur:
    return affecter(Role.DIRECTEUR, quatre[0].esms.groupes.get())


def test_repondre_sur_place_au_clavier_puis_dire_pourquoi(
    new_context: Poste, live_server: LiveServer, quatre: list[Parcours], directrice: Utilisateur
) -> None:
    page = entrer(new_context, live_server.url, directrice)
    page.goto(f"{live_server.url}/parcours/{quatre[0].pk}/checklist/")
    page.evaluate("window.temoin = true")
    statut = action(page, "cvs").get_by_role("combobox")
    statut.focus()
    page.keyboard.type("Fait")
    expect(action(page, "cvs")).to_contain_text("Enregistré")
    expect(statut).to_be_focused()
    action(page, "kit").get_by_role("combobox").select_option("sans_objet")
    motif = action(page, "kit").get_by_label("Pourquoi c’est sans objet")
    expect(motif).to_be_visible()
    expect(action(page, "kit")).to_contain_text("pas encore enregistrée")
    motif.fill("La grappe s'en charge.")
    motif.press("Tab")
    expect(action(page, "kit")).to_contain_text("Enregistré")
    assert page.evaluate("window.temoin") is True
    statuts = dict(ReponseChecklist.objects.values_list("code", "statut"))
    assert statuts == {"cvs": S.FAIT, "kit": S.SANS_OBJET}


def test_changer_d_avis_vite_garde_le_dernier(
    new_context: Poste, live_server: LiveServer, quatre: list[Parcours], directrice: Utilisateur
) -> None:
    page = entrer(new_context, live_server.url, directrice)
    page.goto(f"{live_server.url}/parcours/{quatre[0].pk}/checklist/")
    statut = action(page, "cvs").get_by_role("combobox")
    for valeur in ("en_cours", "en_attente", "fait", "deja_fait"):
        statut.select_option(valeur)
        page.wait_for_timeout(180)
    expect(action(page, "cvs")).to_contain_text("Enregistré")
    page.wait_for_timeout(900)
    assert ReponseChecklist.objects.get().statut == S.DEJA_FAIT
    expect(statut).to_have_value("deja_fait")


def test_un_envoi_qui_echoue_se_dit(
    new_context: Poste, live_server: LiveServer, quatre: list[Parcours], directrice: Utilisateur
) -> None:
    page = entrer(new_context, live_server.url, directrice)
    page.goto(f"{live_server.url}/parcours/{quatre[0].pk}/checklist/")
    page.route("**/checklist/cvs/", lambda route: route.abort())
    action(page, "cvs").get_by_role("combobox").select_option("fait")
    expect(page.get_by_text("Rien n’a été enregistré")).to_be_visible()
    assert not ReponseChecklist.objects.exists()


def test_repondre_une_fois_pour_quatre_et_confier(
    new_context: Poste, live_server: LiveServer, quatre: list[Parcours], directrice: Utilisateur
) -> None:
    referente = affecter(Role.REFERENT, quatre[0].esms)
    page = entrer(new_context, live_server.url, directrice)
    page.goto(f"{live_server.url}/parcours/{quatre[0].pk}/checklist/")
    action(page, "kit").get_by_text("Aide, qui, pour quand").click()
    action(page, "kit").get_by_label("Qui s’en charge").select_option(str(referente.pk))
    expect(action(page, "kit")).to_contain_text("Enregistré")
    assert ReponseChecklist.objects.get(code="kit").responsable == referente
    action(page, "cvs").get_by_role("link", name="Répondre pour plusieurs ESMS").click()
    expect(page.get_by_role("checkbox")).to_have_count(4)
    page.get_by_role("button", name="Répondre pour les ESMS cochés").click()
    expect(page.get_by_text("répondu pour 4 ESMS")).to_be_visible()
    assert ReponseChecklist.objects.filter(code="cvs", statut=S.FAIT).count() == 4
    confiee = entrer(new_context, live_server.url, referente)
    confiee.goto(live_server.url)
    expect(confiee.get_by_text("À vous : Action kit")).to_be_visible()


def test_la_visite_du_mois_tient_en_douze_gestes(new_context: Poste, live_server: LiveServer) -> None:
    """Sur la démonstration : l'accueil, la checklist, cinq réponses, un motif, une réponse pour plusieurs."""
    charger_reference()
    charger()
    page = entrer(new_context, live_server.url, Utilisateur.objects.get(identifiant="directrice"))
    gestes = 0

    def geste(faire: Callable[[], Any]) -> None:
        nonlocal gestes
        faire()
        gestes += 1

    geste(lambda: page.goto(live_server.url))
    geste(page.locator("summary", has_text="Peut attendre").click)
    geste(page.get_by_role("link", name="Avancer dans la checklist").click)
    expect(page.get_by_role("heading", level=1)).to_contain_text("d’abord")
    lignes = page.locator(".actions").first.locator("> li")
    repondables = [c for c in range(lignes.count()) if lignes.nth(c).get_by_role("combobox").count()]
    avant = ReponseChecklist.history.count()
    for rang in repondables[:3]:
        ligne = lignes.nth(rang)
        geste(lambda ligne=ligne: ligne.get_by_role("combobox").first.select_option("fait"))
        expect(ligne).to_contain_text("Enregistré")
    ligne = lignes.nth(repondables[3])
    geste(lambda: ligne.get_by_role("combobox").first.select_option("sans_objet"))
    geste(lambda: ligne.get_by_label("Pourquoi c’est sans objet").fill("Porté par la grappe."))
    geste(lambda: ligne.get_by_label("Pourquoi c’est sans objet").press("Tab"))
    expect(ligne).to_contain_text("Enregistré")
    assert ReponseChecklist.history.count() == avant + 4
    geste(page.get_by_role("link", name="À faire").first.click)
    assert gestes <= VISITE, f"{gestes} gestes"


def test_une_etape_repliee_s_imprime_et_tout_se_deplie_sans_script(
    new_context: Poste, live_server: LiveServer, quatre: list[Parcours]
) -> None:
    grappe = quatre[0].grappe
    modele_publie({"cvs": "esms", "bilan": "esms"}, grappe, {"bilan": {"phase": "routine"}})
    page = entrer(new_context, live_server.url, affecter(Role.CHEF_PROJET, grappe))
    page.goto(f"{live_server.url}/grappes/{grappe.pk}/checklist/")
    bilan = page.get_by_role("rowheader", name="Action bilan")
    expect(page.get_by_role("rowheader", name="Action cvs")).to_be_visible()
    expect(bilan).to_be_hidden()
    page.emulate_media(media="print")
    expect(bilan).to_be_visible()
    page.emulate_media(media="screen")
    page.get_by_role("link", name="Tout déplier").click()
    expect(bilan).to_be_visible()
