"""Prendre des notes pendant une visite, sans réseau : rien ne se perd, rien ne part deux fois, et la page le dit."""

from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from programme.models import Utilisateur
from programme.socle.texte import cle_nir
from tests.fabriques import UtilisateurFactory, cheffe_de, directrice_de
from tests.navigateur.gestes import entrer
from tests.usages.monographies.fabriques import (
    NoteDeVisiteFactory,
    TempsDeVisiteFactory,
    VisiteFactory,
    equiper,
    passer,
)
from usages.enums import RoleEtude, ThemeEffet
from usages.models import NoteDeVisite, Visite
from usages.services.visites.trames import poser_les_trames_de_depart

pytestmark = pytest.mark.django_db(transaction=True)
Poste = Callable[..., BrowserContext]
REGARD = (Path(__file__).parent / "regard.js").read_text()
NIR = f"1850578006084{cle_nir('1850578006084'):02d}"
TEXTES = ["La relève dure dix minutes.", "Deux écrans pour neuf personnes.", "Le cahier est encore ouvert."]


@pytest.fixture
def visite(db: None) -> Visite:
    visite = VisiteFactory()
    pilote = equiper(visite.etude, cheffe_de(visite.parcours.grappe))
    poser_les_trames_de_depart(etude=visite.etude, par=pilote)
    TempsDeVisiteFactory(
        visite=visite,
        jour=date(2026, 6, 2),
        debut=time(9),
        fin=time(10),
        theme=ThemeEffet.ORGANISATION,
        forme="observation",
    )
    return passer(visite, directrice_de(visite.parcours), "accepter")


@pytest.fixture
def auteur(visite: Visite) -> Utilisateur:
    return equiper(visite.etude, cheffe_de(visite.parcours.grappe), RoleEtude.AUTEUR)


def adresse(serveur: LiveServer, visite: Visite) -> str:
    return serveur.url + reverse("usages:visite-notes", args=[visite.pk])


def ouvrir(nouveau: Poste, serveur: LiveServer, visite: Visite, compte: Utilisateur) -> Page:
    """La page, prête à s'ouvrir sans réseau."""
    page = entrer(nouveau, serveur.url, compte)
    page.goto(adresse(serveur, visite))
    page.locator("html[data-hors-ligne=pret]").wait_for(state="attached")
    return page


def noter(page: Page, texte: str) -> None:
    page.get_by_label("Votre note").fill(texte)
    page.get_by_role("button", name="Envoyer la note").click()


def en_base() -> list[str]:
    return list(NoteDeVisite.objects.order_by("pk").values_list("texte", flat=True))


def test_trois_notes_hors_ligne_l_onglet_ferme_puis_rouvert(
    new_context: Poste, live_server: LiveServer, visite: Visite, auteur: Utilisateur
) -> None:
    page = ouvrir(new_context, live_server, visite, auteur)
    poste = page.context
    poste.set_offline(True)
    page.get_by_label("Le moment").select_option(index=1)
    expect(page.get_by_label("Le thème")).to_have_value(ThemeEffet.ORGANISATION)
    expect(page.get_by_text("Où sont les postes")).to_be_visible()
    expect(page.get_by_text("Racontez une journée")).to_be_hidden()
    for rang, texte in enumerate(TEXTES, start=1):
        noter(page, texte)
        attendent = "1 note attend sur cet appareil." if rang == 1 else f"{rang} notes attendent sur cet appareil."
        expect(page.locator("#file-compte")).to_have_text(attendent)
    expect(page.locator("#file-pourquoi")).to_contain_text("dans l’ordre")
    page.get_by_label("Votre note").fill("Une phrase à moitié")
    page.close()

    page = poste.new_page()
    page.goto(adresse(live_server, visite))
    expect(page.locator("#file-compte")).to_have_text("3 notes attendent sur cet appareil.")
    expect(page.get_by_label("Votre note")).to_have_value("Une phrase à moitié")
    assert en_base() == []
    poste.set_offline(False)
    expect(page.locator("#file")).to_be_hidden()
    assert en_base() == TEXTES
    assert {n.prise_par_id for n in NoteDeVisite.objects.all()} == {auteur.pk}
    assert {(n.theme, n.temps_id is not None, n.prise_le) for n in NoteDeVisite.objects.all()} == {
        ("organisation", True, date(2026, 6, 2))
    }
    page.reload()
    page.evaluate("treilleNotes.envoyer()")
    assert en_base() == TEXTES


def test_taper_la_suite_pendant_que_l_appareil_ecrit(
    new_context: Poste, live_server: LiveServer, visite: Visite, auteur: Utilisateur
) -> None:
    """L'appareil est lent : ce qu'on tape pendant qu'il garde une note est la suivante, et rien ne l'efface."""
    page = ouvrir(new_context, live_server, visite, auteur)
    page.evaluate("""() => {
        const faire = IDBDatabase.prototype.transaction;
        IDBDatabase.prototype.transaction = function (...reste) {
            const transaction = faire.apply(this, reste);
            const fin = Object.getOwnPropertyDescriptor(IDBTransaction.prototype, "oncomplete").set;
            Object.defineProperty(transaction, "oncomplete", {
                set(suite) { fin.call(transaction, () => window.setTimeout(suite, 400)); },
            });
            return transaction;
        };
    }""")
    page.get_by_label("Votre note").fill(TEXTES[0])
    page.get_by_role("button", name="Envoyer la note").click()
    page.get_by_label("Votre note").fill(TEXTES[1])
    expect(page.locator("#dit")).to_have_text("Note reçue.")
    expect(page.get_by_label("Votre note")).to_have_value(TEXTES[1])
    with page.expect_response("**/envoyer/"):
        page.get_by_role("button", name="Envoyer la note").click()
    assert en_base() == TEXTES[:2]


def test_un_appareil_plein_garde_le_texte_a_l_ecran(
    new_context: Poste, live_server: LiveServer, visite: Visite, auteur: Utilisateur
) -> None:
    page = ouvrir(new_context, live_server, visite, auteur)
    page.evaluate(
        "() => { IDBObjectStore.prototype.put = () => { throw new DOMException('plein', 'QuotaExceededError'); }; }"
    )
    page.context.set_offline(True)
    noter(page, TEXTES[0])
    expect(page.locator("#fautes")).to_contain_text("n’est gardée que sur cet écran")
    expect(page.get_by_label("Votre note")).to_have_value(TEXTES[0])
    page.context.set_offline(False)
    page.get_by_role("button", name="Envoyer la note").click()
    expect(page.locator("#dit")).to_have_text("Note reçue.")
    expect(page.get_by_label("Votre note")).to_have_value("")
    assert en_base() == TEXTES[:1]


def test_un_accuse_perdu_ne_fait_pas_de_doublon(
    new_context: Poste, live_server: LiveServer, visite: Visite, auteur: Utilisateur
) -> None:
    page = ouvrir(new_context, live_server, visite, auteur)

    def perdre_l_accuse(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/envoyer/", perdre_l_accuse)
    noter(page, TEXTES[0])
    expect(page.locator("#file-pourquoi")).to_contain_text("Le réseau manque")
    expect(page.locator("#file-compte")).to_have_text("1 note attend sur cet appareil.")
    assert en_base() == TEXTES[:1]
    page.unroute("**/envoyer/")
    page.get_by_role("button", name="Envoyer maintenant").click()
    expect(page.locator("#file")).to_be_hidden()
    assert en_base() == TEXTES[:1]


def test_une_session_fermee_garde_la_note_et_le_dit(
    new_context: Poste, live_server: LiveServer, visite: Visite, auteur: Utilisateur
) -> None:
    page = ouvrir(new_context, live_server, visite, auteur)
    Session.objects.all().delete()
    noter(page, TEXTES[0])
    expect(page.locator("#file-pourquoi")).to_contain_text("restent sur cet appareil")
    expect(page.get_by_role("link", name="Se reconnecter")).to_be_visible()
    assert en_base() == []

    # Un autre compte sur le même appareil ne les voit pas, et ne les signe pas.
    voisine = equiper(visite.etude, cheffe_de(visite.parcours.grappe), RoleEtude.AUTEUR)
    rentrer(page, live_server, voisine)
    page.goto(adresse(live_server, visite))
    page.locator("html[data-hors-ligne=pret]").wait_for(state="attached")
    expect(page.locator("#file")).to_be_hidden()
    assert en_base() == []
    rentrer(page, live_server, auteur)
    page.goto(adresse(live_server, visite))
    expect(page.locator("#file")).to_be_hidden()
    expect(page.get_by_label("Votre note")).to_be_visible()
    page.wait_for_function("treilleNotes.tous().then((notes) => notes.length === 0)")
    assert list(NoteDeVisite.objects.values_list("texte", "prise_par")) == [(TEXTES[0], auteur.pk)]


def rentrer(page: Page, serveur: LiveServer, compte: Utilisateur) -> None:
    """La même machine, un autre compte."""
    compte.set_password("un-mot-de-passe-d-essai")
    compte.save()
    page.context.clear_cookies(name="sessionid")
    page.goto(serveur.url + reverse("connexion"))
    page.locator("[name=username]").fill(compte.get_username())
    page.locator("[name=password]").fill("un-mot-de-passe-d-essai")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(lambda url: "/connexion/" not in url)


def test_un_nir_revient_dans_le_champ(
    new_context: Poste, live_server: LiveServer, visite: Visite, auteur: Utilisateur
) -> None:
    page = ouvrir(new_context, live_server, visite, auteur)
    noter(page, f"Le dossier {NIR} ne s'ouvre pas.")
    expect(page.locator("#fautes")).to_contain_text("retirez le numéro")
    expect(page.get_by_label("Votre note")).to_have_value(f"Le dossier {NIR} ne s'ouvre pas.")
    noter(page, TEXTES[0])
    expect(page.locator("#dit")).to_have_text("Note reçue.")
    expect(page.locator("#file")).to_be_hidden()

    # Hors ligne, personne n'est là pour lire le refus : elle attend, et se reprend ; la suivante, elle, est partie.
    page.context.set_offline(True)
    noter(page, f"Le dossier {NIR} ne s'ouvre pas.")
    noter(page, TEXTES[1])
    expect(page.locator("#file-compte")).to_have_text("2 notes attendent sur cet appareil.")
    page.reload()
    page.context.set_offline(False)
    expect(page.locator(".reprise")).to_contain_text("retirez le numéro")
    expect(page.locator("#file-attente")).to_be_hidden()
    assert en_base() == TEXTES[:2]
    page.get_by_role("button", name="Reprendre et corriger").click()
    noter(page, TEXTES[2])
    expect(page.locator("#dit")).to_have_text("Note reçue.")
    expect(page.locator("#file")).to_be_hidden()
    assert en_base() == TEXTES


def test_se_deconnecter_efface_la_page_gardee_pas_ce_qui_attend(
    new_context: Poste, live_server: LiveServer, visite: Visite, auteur: Utilisateur
) -> None:
    page = ouvrir(new_context, live_server, visite, auteur)
    poste = page.context
    portee = page.evaluate("navigator.serviceWorker.ready.then((pret) => new URL(pret.scope).pathname)")
    assert portee == "/visites/"
    notee = NoteDeVisiteFactory(visite=visite, prise_par=auteur)
    page.goto(adresse(live_server, visite) + "?relire")
    expect(page.get_by_text(notee.texte).first).to_be_visible()
    gardees = (
        "caches.open('treille-notes-pages').then((reserve) => reserve.keys())"
        ".then((demandes) => demandes.map((demande) => demande.url.replace(location.origin, '')))"
    )
    assert page.evaluate(gardees) == [reverse("usages:visite-notes", args=[visite.pk])]
    # La page gardée est celle où l'on écrit : rien de ce que l'équipe a noté n'est sur l'appareil.
    ou = adresse(live_server, visite)
    contenu = page.evaluate("(ou) => caches.match(ou).then((page) => page.text())", ou)
    assert "Votre note" in contenu and notee.texte not in contenu
    notee.delete()
    page.goto(ou)
    page.route("**/envoyer/", lambda route: route.abort())
    noter(page, TEXTES[0])
    expect(page.locator("#file-compte")).to_have_text("1 note attend sur cet appareil.")
    page.goto(live_server.url + reverse("programme:accueil"))
    page.locator("details.moi summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**/connexion/**")
    assert page.evaluate("caches.keys().then((noms) => noms.filter((nom) => nom.startsWith('treille-notes-')))") == []
    assert page.evaluate("Object.keys(localStorage).filter((cle) => cle.startsWith('treille:note:'))") == []
    page.unroute("**/envoyer/")
    rentrer(page, live_server, auteur)
    page.goto(adresse(live_server, visite))
    page.locator("html[data-hors-ligne=pret]").wait_for(state="attached")
    expect(page.locator("#file")).to_be_hidden()
    page.wait_for_function("treilleNotes.tous().then((notes) => notes.length === 0)")
    assert en_base() == TEXTES[:1]
    poste.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Notes de visite")


def test_qui_n_est_plus_de_l_equipe_garde_son_texte(
    new_context: Poste, live_server: LiveServer, visite: Visite, auteur: Utilisateur
) -> None:
    page = ouvrir(new_context, live_server, visite, auteur)
    page.context.set_offline(True)
    noter(page, TEXTES[0])
    expect(page.locator("#file-compte")).to_have_text("1 note attend sur cet appareil.")
    visite.etude.equipe.filter(compte=auteur).delete()
    page.context.set_offline(False)
    expect(page.locator(".reprise")).to_contain_text(TEXTES[0])
    expect(page.locator(".reprise .faute")).not_to_be_empty()
    assert en_base() == []


def test_la_page_se_lit_et_se_tient_au_clavier(
    new_context: Poste, live_server: LiveServer, visite: Visite, auteur: Utilisateur
) -> None:
    page = ouvrir(new_context, live_server, visite, auteur)
    page.context.add_init_script(REGARD)
    page.reload()
    page.context.set_offline(True)
    page.get_by_label("Le moment").select_option(index=1)
    noter(page, "Un mot " + "trèslong" * 30)
    expect(page.locator("#file-compte")).to_have_text("1 note attend sur cet appareil.")
    page.set_viewport_size({"width": 320, "height": 640})
    violations = Axe().run(page).response["violations"]
    assert [f"{f['id']} : {n['target'][0]}" for f in violations for n in f["nodes"]] == []
    assert page.evaluate("regard.debordements()") == []


def test_sans_script_la_page_marche(
    new_context: Poste, live_server: LiveServer, visite: Visite, auteur: Utilisateur
) -> None:
    page = entrer(new_context, live_server.url, auteur, java_script_enabled=False)
    page.goto(adresse(live_server, visite))
    noter(page, TEXTES[0])
    expect(page.get_by_text("Note reçue.")).to_be_visible()
    assert en_base() == TEXTES[:1]


def test_hors_de_l_equipe_rien_ne_s_ouvre(new_context: Poste, live_server: LiveServer, visite: Visite) -> None:
    page = entrer(new_context, live_server.url, UtilisateurFactory())
    reponse = page.goto(adresse(live_server, visite))
    assert reponse is not None and reponse.status == 404
