"""Répondre aux cent questions au clavier seul, perdre le réseau au milieu : rien ne se perd, et la page le dit."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from programme.models import Utilisateur
from programme.socle.porte import changer_etat
from risques.enums import EtatGrille
from risques.models import Grille, Question, Reponse
from risques.services.reponses import repondre
from tests.aides import connecte
from tests.fabriques import GrappeFactory, UtilisateurFactory, cheffe_de
from tests.risques.fabriques import VersionFactory, campagne_ouverte, grille_de
from tests.risques.instrument import instrument

pytestmark = pytest.mark.django_db(transaction=True)
Poste = Callable[..., BrowserContext]


def entrer(nouveau: Poste, serveur: str, compte: Any, **options: Any) -> Page:
    """Une page, la session déjà ouverte sous ce compte."""
    poste = nouveau(**options)
    connecter(poste, serveur, compte)
    return poste.new_page()


def connecter(poste: BrowserContext, serveur: str, compte: Any) -> None:
    jeton = connecte(compte).cookies[settings.SESSION_COOKIE_NAME].value
    poste.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": jeton, "url": serveur}])


def adresse(serveur: str, grille: Grille, section: str = "") -> str:
    page = serveur + reverse("risques:grille-detail", args=[grille.pk])
    return f"{page}?section={section}" if section else page


def en_base(grille: Grille) -> dict[str, int | None]:
    return dict(Reponse.objects.filter(grille=grille).order_by("question").values_list("question__code", "valeur"))


@pytest.fixture
def cheffe() -> Utilisateur:
    return cheffe_de(GrappeFactory())


@pytest.fixture
def cent(cheffe: Utilisateur) -> Grille:
    """La réponse de la cheffe aux cent questions, vide."""
    grappe = cheffe.affectations.get().grappe
    campagne = campagne_ouverte(grappe=grappe, version_posee=instrument("risques-100-points", grappe))
    return grille_de(cheffe, campagne.evaluations.get())


@pytest.fixture
def courte(cheffe: Utilisateur) -> Grille:
    """Deux sections de deux questions : A1, A2, B1, B2."""
    campagne = campagne_ouverte(grappe=cheffe.affectations.get().grappe)
    return grille_de(cheffe, campagne.evaluations.get())


def _code_sous_le_foyer(page: Page) -> str:
    return page.evaluate("document.activeElement.closest('[data-question]')?.dataset.question || ''")


def _tabuler_jusqu_a(page: Page, code: str) -> None:
    """Tab, jusqu'à l'échelle de cette question."""
    for _ in range(80):
        if _code_sous_le_foyer(page) == code and page.evaluate("document.activeElement.type") == "radio":
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{code} hors d'atteinte au clavier")


def _tout_enregistre(page: Page) -> None:
    expect(page.locator("[data-enregistrement]")).to_have_text("Tout est enregistré, rien n’est encore transmis")


def test_cent_questions_au_clavier_et_le_reseau_perdu_au_milieu(
    new_context: Poste, live_server: LiveServer, cheffe: Utilisateur, cent: Grille
) -> None:
    page = entrer(new_context, live_server.url, cheffe)
    page.goto(adresse(live_server.url, cent))
    sections = list(dict.fromkeys(Question.objects.order_by("section__rang").values_list("section__code", flat=True)))
    attendues: dict[str, int | None] = {}
    for numero, lettre in enumerate(sections):
        codes = [f"{lettre}{rang:02d}" for rang in range(1, 11)]
        _tabuler_jusqu_a(page, codes[0])
        coupe = numero == 4
        for rang, code in enumerate(codes):
            if coupe and rang == 3:
                _tout_enregistre(page)
                page.context.set_offline(True)
            note = (numero + rang) % 10 + 1
            assert _code_sous_le_foyer(page) == code
            if rang % 3 == 0:
                page.keyboard.press("Space")
                for _ in range(note - 1):
                    page.keyboard.press("ArrowRight")
            else:
                page.keyboard.press(str(note % 10))
            attendues[code] = note
            if rang % 2 or rang == 9:
                page.keyboard.press("Enter")
            else:
                _tabuler_jusqu_a(page, codes[rang + 1])
        if coupe:
            bandeau = page.locator("[data-bandeau]")
            expect(bandeau).to_contain_text("Connexion perdue : 7 réponses attendent sur cet appareil")
            expect(bandeau).to_contain_text("Ne fermez pas")
            expect(page.locator("#etat-A10")).to_have_text("en attente d’envoi")
            assert en_base(cent).get("A10") is None
            page.context.set_offline(False)
            expect(bandeau).to_be_hidden()
        _tout_enregistre(page)
        assert not page.evaluate("Object.keys(localStorage).length")
        # Le foyer est sur le bouton de la section suivante ; à la dernière, sur « Relire et transmettre ».
        with page.expect_navigation():
            page.keyboard.press("Enter")
    assert en_base(cent) == attendues
    assert len(attendues) == 100
    cent.refresh_from_db()
    assert cent.etat == EtatGrille.COMMENCEE
    expect(page.get_by_role("heading", level=1)).to_have_text("Relire, puis transmettre")


def _choisir(page: Page, code: str, note: str) -> None:
    page.locator(f"#q-{code} input[type=radio][value='{note}']").focus()
    page.keyboard.press("0" if note == "10" else note)


def _etat(page: Page, code: str) -> Any:
    return page.locator(f"#etat-{code}")


def test_un_accuse_perdu_ne_fait_ni_doublon_ni_faux_conflit(
    new_context: Poste, live_server: LiveServer, cheffe: Utilisateur, courte: Grille
) -> None:
    page = entrer(new_context, live_server.url, cheffe)
    page.goto(adresse(live_server.url, courte))

    def perdre_l_accuse(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/reponses/**", perdre_l_accuse)
    _choisir(page, "A1", "5")
    expect(page.locator("[data-bandeau]")).to_contain_text("1 réponse attend sur cet appareil")
    expect(_etat(page, "A1")).to_have_text("en attente d’envoi")
    page.unroute("**/reponses/**")
    _choisir(page, "A1", "7")
    page.get_by_role("button", name="Réessayer maintenant").click()
    expect(_etat(page, "A1")).to_contain_text("enregistré à")
    assert en_base(courte) == {"A1": 7}


def test_la_file_survit_au_rechargement_et_passe_d_une_section_a_l_autre(
    new_context: Poste, live_server: LiveServer, cheffe: Utilisateur, courte: Grille
) -> None:
    page = entrer(new_context, live_server.url, cheffe)
    page.on("dialog", lambda question: question.accept())
    page.goto(adresse(live_server.url, courte, "A"))
    page.route("**/reponses/**", lambda route: route.fulfill(status=503, body="en panne"))
    _choisir(page, "A2", "9")
    expect(page.locator("[data-bandeau]")).to_contain_text("Treille ne répond pas : 1 réponse attend")
    page.reload()
    expect(page.locator("#q-A2 input[type=radio][value='9']")).to_be_checked()
    expect(_etat(page, "A2")).to_have_text("en attente d’envoi")
    assert en_base(courte) == {}
    page.goto(adresse(live_server.url, courte, "B"))
    expect(page.locator("[data-bandeau]")).to_contain_text("1 réponse attend")
    page.unroute("**/reponses/**")
    page.get_by_role("button", name="Réessayer maintenant").click()
    _tout_enregistre(page)
    assert en_base(courte) == {"A2": 9}
    assert not page.evaluate("Object.keys(localStorage).length")


def test_deux_onglets_rien_ne_s_ecrase_en_silence(
    new_context: Poste, live_server: LiveServer, cheffe: Utilisateur, courte: Grille
) -> None:
    premier = entrer(new_context, live_server.url, cheffe)
    second = premier.context.new_page()
    for page in (premier, second):
        page.goto(adresse(live_server.url, courte))
    _choisir(premier, "A1", "3")
    expect(_etat(premier, "A1")).to_contain_text("enregistré")
    _choisir(second, "A1", "8")
    expect(_etat(second, "A1")).to_contain_text(f"Pas enregistré : Entre-temps, {cheffe} a répondu « 3 »")
    assert en_base(courte) == {"A1": 3}
    second.get_by_role("button", name="Garder la mienne").click()
    expect(_etat(second, "A1")).to_contain_text("enregistré à")
    assert en_base(courte) == {"A1": 8}
    _choisir(premier, "A1", "4")
    expect(_etat(premier, "A1")).to_contain_text("a répondu « 8 »")
    premier.get_by_role("button", name="Prendre celle-là").click()
    expect(premier.locator("#q-A1 input[type=radio][value='8']")).to_be_checked()
    assert en_base(courte) == {"A1": 8}


def test_la_session_fermee_se_dit_et_la_reponse_part_apres_reconnexion(
    new_context: Poste, live_server: LiveServer, cheffe: Utilisateur, courte: Grille
) -> None:
    page = entrer(new_context, live_server.url, cheffe)
    page.goto(adresse(live_server.url, courte))
    page.context.clear_cookies()
    _choisir(page, "A1", "6")
    expect(page.locator("[data-bandeau]")).to_contain_text("Votre session est fermée : 1 réponse attend")
    expect(page.get_by_role("link", name="Se reconnecter")).to_be_visible()
    connecter(page.context, live_server.url, UtilisateurFactory())
    # Un autre compte sur le même poste : la réponse ne part pas sous son nom.
    with page.expect_response(f"**{reverse('risques:grille-detail', args=[courte.pk])}"):
        page.get_by_role("button", name="Réessayer maintenant").click()
    expect(page.locator("[data-bandeau]")).to_contain_text("Votre session est fermée")
    assert en_base(courte) == {}
    connecter(page.context, live_server.url, cheffe)
    page.get_by_role("button", name="Réessayer maintenant").click()
    expect(_etat(page, "A1")).to_contain_text("enregistré à")
    assert en_base(courte) == {"A1": 6}


def test_ce_qui_inquiete_propose_aussitot_et_une_condition_montre_sa_question(
    new_context: Poste, live_server: LiveServer, cheffe: Utilisateur
) -> None:
    version = VersionFactory(grappe=cheffe.affectations.get().grappe)
    Question.objects.filter(section__version=version, code="A2").update(si_question="A1", si_au_moins=7)
    changer_etat(version, "publier", par=cheffe)
    grille = grille_de(cheffe, campagne_ouverte(grappe=version.grappe, version_posee=version).evaluations.get())
    page = entrer(new_context, live_server.url, cheffe)
    page.goto(adresse(live_server.url, grille))
    expect(page.locator("#q-A2")).to_be_hidden()
    _choisir(page, "A1", "9")
    expect(page.locator("#q-A2")).to_be_visible()
    proposition = page.locator("#q-A1 .suite-proposee")
    expect(proposition).to_contain_text("Relever la couverture réseau (A1)")
    expect(page.locator("[data-resume]")).to_have_text("1 réponse sur 4")
    _choisir(page, "A1", "2")
    expect(page.locator("#q-A2")).to_be_hidden()
    expect(proposition).to_have_count(0)
    page.locator("#q-A1 input[type=radio][value='2']").focus()
    page.keyboard.press("s")
    expect(page.locator("[data-resume]")).to_have_text("0 réponse sur 2, 1 sans objet")
    expect(page.locator("[data-possible]")).to_have_text("Total possible : 20 points")
    page.locator("#q-A1 summary").click()
    page.get_by_role("button", name="Effacer ma réponse à A1").click()
    expect(page.locator("[data-resume]")).to_have_text("0 réponse sur 3")
    expect(page.locator("#q-A1 input:checked")).to_have_count(0)


def test_transmettre_attend_que_tout_soit_parti(
    new_context: Poste, live_server: LiveServer, cheffe: Utilisateur, courte: Grille
) -> None:
    page = entrer(new_context, live_server.url, cheffe)
    page.goto(adresse(live_server.url, courte))
    page.route("**/reponses/**", lambda route: route.abort())
    _choisir(page, "A1", "6")
    page.get_by_role("link", name="Relire et transmettre").click()
    expect(page.locator("[data-bandeau]")).to_be_visible()
    assert page.url == adresse(live_server.url, courte)
    page.unroute("**/reponses/**")
    with page.expect_navigation():
        page.get_by_role("link", name="Relire et transmettre").click()
    assert en_base(courte) == {"A1": 6}


def test_sans_script_la_section_s_enregistre_par_un_bouton(
    new_context: Poste, live_server: LiveServer, cheffe: Utilisateur, courte: Grille
) -> None:
    page = entrer(new_context, live_server.url, cheffe, java_script_enabled=False)
    page.goto(adresse(live_server.url, courte, "A"))
    page.locator("#q-A1 input[type=radio][value='4']").check(force=True)
    page.locator("#q-A2 input[type=radio][value='so']").check(force=True)
    page.get_by_role("button", name="Enregistrer cette section").click()
    expect(page.get_by_text("2 réponses enregistrées, pas transmises.")).to_be_visible()
    assert en_base(courte) == {"A1": 4, "A2": None}
    repondre(grille=courte, code="A1", valeur=9, vu=1, par=cheffe)
    page.locator("#q-A1 input[type=radio][value='2']").check(force=True)
    page.get_by_role("button", name="Enregistrer cette section").click()
    expect(_etat(page, "A1")).to_contain_text("a répondu « 9 »")
    expect(page.locator("#q-A1 input[type=radio][value='2']")).to_be_checked()
    page.get_by_role("button", name="Enregistrer cette section").click()
    expect(page.get_by_text("1 réponse enregistrée, pas transmises.")).to_be_visible()
    assert en_base(courte)["A1"] == 2


def _axe(page: Page) -> list[str]:
    fautes = Axe().run(page).response["violations"]
    return [f"{f['id']} : {noeud['target'][0]}" for f in fautes for noeud in f["nodes"]]


def _deborde(page: Page) -> bool:
    page.set_viewport_size({"width": 320, "height": 640})
    large = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    page.set_viewport_size({"width": 1280, "height": 800})
    return bool(large)


def test_chaque_moment_d_une_grille_est_accessible(
    new_context: Poste, live_server: LiveServer, cheffe: Utilisateur, courte: Grille
) -> None:
    """Une réponse qui inquiète, une panne, un croisement, l'aperçu du papier, la lecture."""
    page = entrer(new_context, live_server.url, cheffe)
    page.goto(adresse(live_server.url, courte, "A"))
    _choisir(page, "A1", "9")
    expect(page.locator("#q-A1 .suite-proposee")).to_be_visible()
    repondre(grille=courte, code="A2", valeur=4, mot="Un mot.", vu=0, par=cheffe)
    _choisir(page, "A2", "6")
    expect(page.get_by_role("button", name="Garder la mienne")).to_be_visible()
    page.locator("#q-A1 summary").click()
    page.route("**/reponses/**", lambda route: route.abort())
    _choisir(page, "A1", "8")
    expect(page.locator("[data-bandeau]")).to_be_visible()
    fautes = {"répondre": [*_axe(page), *(["320 px"] if _deborde(page) else [])]}
    page.on("dialog", lambda question: question.accept())
    page.goto(live_server.url + reverse("risques:grille-ressaisir", args=[courte.pk]))
    page.get_by_label("Codes et notes").fill("B1 3 ; B2 so")
    page.get_by_role("button", name="Voir ce qui va changer").click()
    expect(page.get_by_role("heading", name="Ce qui va changer : 2 réponses")).to_be_visible()
    fautes["papier"] = [*_axe(page), *(["320 px"] if _deborde(page) else [])]
    courte.refresh_from_db()
    changer_etat(courte, "transmettre", par=cheffe)
    page.goto(adresse(live_server.url, courte))
    expect(page.locator("[data-orphelines-texte]")).to_contain_text("2 réponses données sur cet appareil")
    fautes["lire"] = [*_axe(page), *(["320 px"] if _deborde(page) else [])]
    assert not any(fautes.values()), fautes


def _gardees(page: Page) -> dict[str, Any]:
    """Ce que l'appareil garde : code → envoi, tous comptes confondus."""
    return page.evaluate(
        "Object.fromEntries(Object.entries(localStorage).map(([c, v]) => [c.split(':')[4], JSON.parse(v)]))"
    )


def test_sur_un_poste_partage_un_autre_compte_ne_lit_rien_et_les_mots_s_effacent_au_bout_d_un_jour(
    new_context: Poste, live_server: LiveServer, cheffe: Utilisateur, courte: Grille
) -> None:
    """La note attend son auteur, son commentaire non ; lui seul l'apprend, et la base ne perd rien."""
    repondre(grille=courte, code="A1", valeur=2, sans_objet=False, mot="Gardé en base", vu=0, par=cheffe)
    autre = cheffe_de(courte.evaluation.campagne.grappe)
    sienne = grille_de(autre, courte.evaluation)
    page = entrer(new_context, live_server.url, cheffe)
    page.goto(adresse(live_server.url, courte))
    page.context.clear_cookies()
    page.locator("#q-A1 summary").click()
    page.locator("#q-A1 textarea").fill("Écrit sur ce poste")
    _choisir(page, "A1", "6")
    _choisir(page, "A2", "3")
    expect(page.locator("[data-bandeau]")).to_contain_text("2 réponses attendent sur cet appareil")
    connecter(page.context, live_server.url, autre)
    page = page.context.new_page()
    page.context.pages[0].close(run_before_unload=False)
    page.goto(adresse(live_server.url, sienne))
    expect(page.locator("#q-A1 input:checked")).to_have_count(0)
    assert "Écrit sur ce poste" not in page.content()
    assert _gardees(page)["A1"]["mot"] == "Écrit sur ce poste", "moins d'un jour : rien ne s'efface"
    page.evaluate(
        "Object.entries(localStorage).forEach(([c, v]) => localStorage.setItem(c,"
        " JSON.stringify({ ...JSON.parse(v), le: Date.now() - 25 * 3600 * 1000 })))"
    )
    page.reload()
    expect(page.locator("[data-enregistrement]")).not_to_contain_text("réponse")
    gardees = _gardees(page)
    assert gardees["A1"]["mot"] == "" and gardees["A1"]["valeur"] == "6" and gardees["A2"]["valeur"] == "3"
    assert (
        "Écrit" not in page.evaluate("JSON.stringify(localStorage)") and "appareil, qu’un autre" not in page.content()
    )
    connecter(page.context, live_server.url, cheffe)
    page.goto(adresse(live_server.url, courte))
    expect(_etat(page, "A2")).to_contain_text("enregistré à")
    expect(_etat(page, "A1")).to_contain_text("son commentaire a été effacé de cet appareil")
    assert en_base(courte) == {"A1": 2, "A2": 3}, "la note ne part pas seule : elle effacerait le commentaire en base"
    page.get_by_role("button", name="Enregistrer cette note").click()
    expect(_etat(page, "A1")).to_contain_text("enregistré à")
    assert en_base(courte) == {"A1": 6, "A2": 3}
    assert Reponse.objects.get(grille=courte, question__code="A1").mot == "Gardé en base"
    assert not page.evaluate("Object.keys(localStorage).length")
