"""Donner un retour dans un couloir sans réseau : rien ne se perd, rien ne part deux fois, et la page le dit."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.servers import basehttp
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from programme.socle.pieces import pieces_de
from programme.socle.texte import cle_nir
from tests.fabriques import ModuleFactory, ParcoursFactory, UniteFactory
from tests.navigateur.gestes import Compteur
from tests.usages.retours.fabriques import LienDeRetourFactory
from tests.usages.retours.images import jpeg
from usages.calculs import codes_de_suivi
from usages.models import LienDeRetour, Retour
from usages.models.retours import semaine_de
from usages.views.retours import capture as vues

pytestmark = pytest.mark.django_db(transaction=True)
Poste = Callable[..., BrowserContext]
REGARD = (Path(__file__).parent / "regard.js").read_text()
NIR = f"1850578006084{cle_nir('1850578006084'):02d}"
PLEIN = """
const ecrire = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (valeur) {
  if (%s) throw new DOMException("plein", "QuotaExceededError");
  return ecrire.call(this, valeur);
};
"""


@pytest.fixture
def lien(db: None) -> LienDeRetour:
    parcours = ParcoursFactory()
    ModuleFactory()
    return LienDeRetourFactory(parcours=parcours, unite=UniteFactory(parcours=parcours, nom="Les Iris"))


def adresse(serveur: LiveServer, lien: LienDeRetour) -> str:
    return serveur.url + reverse("usages:retour-lien", args=[lien.jeton])


def ouvrir(poste: BrowserContext, serveur: LiveServer, lien: LienDeRetour) -> Page:
    """La page, prête à s'ouvrir sans réseau."""
    page = poste.new_page()
    page.goto(adresse(serveur, lien))
    page.locator("html[data-hors-ligne=pret]").wait_for(state="attached")
    return page


def ecrire(page: Page, probleme: str, *, photo: bytes | None = None, nom: str = "IMG_1.jpg") -> None:
    if page.locator("#merci-autre").is_visible():
        page.locator("#merci-autre").click()
    page.get_by_label("Qu'est-ce qui a posé problème ?").fill(probleme)
    if photo is not None:
        if not page.locator("#photo").is_visible():
            page.locator("#plus summary").click()
        page.locator("#photo").set_input_files({"name": nom, "mimeType": "image/jpeg", "buffer": photo})
        expect(page.locator("#photo-dite")).not_to_have_text("Lecture de la photo…")


def envoyer(page: Page) -> None:
    page.get_by_role("button", name="Envoyer", exact=True).click()


def en_base() -> list[str]:
    return list(Retour.objects.order_by("pk").values_list("probleme", flat=True))


def test_trois_retours_hors_ligne_l_onglet_ferme_puis_rouvert(
    new_context: Poste, live_server: LiveServer, lien: LienDeRetour
) -> None:
    poste = new_context()
    # L'horloge de l'appareil est fausse : rien n'en dépend.
    poste.add_init_script("Date.now = () => 86400000;")
    page = ouvrir(poste, live_server, lien)
    poste.set_offline(True)
    textes = ["L'écran se fige.", "L'agenda saute une semaine.", "Le mot de passe se perd."]
    for rang, texte in enumerate(textes, start=1):
        ecrire(page, texte, photo=jpeg(2000 + rang, 1000, bavarde=True))
        envoyer(page)
        expect(page.locator("#t-merci")).to_have_text("Gardé sur cet appareil")
    expect(page.locator("#file-compte")).to_have_text("3 retours attendent le réseau sur cet appareil.")
    expect(page.locator("#file-pourquoi")).to_contain_text("dans l’ordre")
    page.close()

    page = poste.new_page()
    page.goto(adresse(live_server, lien))
    expect(page.locator("#file-compte")).to_have_text("3 retours attendent le réseau sur cet appareil.")
    assert en_base() == []
    poste.set_offline(False)
    expect(page.locator("#file")).to_be_hidden()
    assert en_base() == textes

    for rang, retour in enumerate(Retour.objects.order_by("pk"), start=1):
        piece = pieces_de(retour).get()
        with piece.fichier.open("rb") as fichier, Image.open(fichier) as image:
            assert image.size == (1600, round(1600 * 1000 / (2000 + rang)))
            gauche, droite = image.getpixel((100, 100)), image.getpixel((1500, 100))
            assert gauche[0] > 200 > gauche[2] and droite[2] > 200 > droite[0]
            assert not image.getexif()
        assert retour.recu_le == semaine_de(timezone.localdate())
    page.reload()
    page.evaluate("treilleRetours.envoyer()")
    assert en_base() == textes


def test_un_accuse_perdu_ne_fait_pas_de_doublon(
    new_context: Poste, live_server: LiveServer, lien: LienDeRetour
) -> None:
    page = ouvrir(new_context(), live_server, lien)

    def perdre_l_accuse(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/r/**", perdre_l_accuse)
    ecrire(page, "L'écran se fige.")
    envoyer(page)
    expect(page.locator("#file-pourquoi")).to_contain_text("Le réseau manque")
    expect(page.locator("#file-compte")).to_have_text("1 retour attend le réseau sur cet appareil.")
    assert en_base() == ["L'écran se fige."]
    page.unroute("**/r/**")
    page.get_by_role("button", name="Envoyer maintenant").click()
    expect(page.locator("#file")).to_be_hidden()
    expect(page.locator("#t-merci")).to_have_text("Merci, votre retour est reçu")
    assert en_base() == ["L'écran se fige."]


@pytest.fixture
def recus(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Les clés reçues par le serveur, doubles compris, dans l'ordre : ce qui est vraiment parti."""
    cles: list[str] = []
    recevoir = vues._recevoir

    def noter(demande: Any, *reste: Any) -> Any:
        cles.append(demande.POST["cle"])
        return recevoir(demande, *reste)

    monkeypatch.setattr(vues, "_recevoir", noter)
    return cles


@pytest.mark.parametrize("verrou", [True, False])
def test_deux_onglets_une_seule_fois(
    new_context: Poste, live_server: LiveServer, lien: LienDeRetour, recus: list[str], verrou: bool
) -> None:
    poste = new_context()
    if not verrou:
        poste.add_init_script("Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });")
    pages = [ouvrir(poste, live_server, lien) for _ in range(2)]
    poste.set_offline(True)
    for rang in range(4):
        ecrire(pages[rang % 2], f"Retour {rang}.")
        envoyer(pages[rang % 2])
        expect(pages[rang % 2].locator("#merci")).to_be_visible()
    for page in pages:
        expect(page.locator("#file-compte")).to_have_text("4 retours attendent le réseau sur cet appareil.")
    poste.set_offline(False)
    for page in pages:
        page.evaluate("treilleRetours.envoyer()")
        expect(page.locator("#file")).to_be_hidden()
        expect(page.locator("#t-merci")).to_have_text("Merci, votre retour est reçu")
    assert sorted(en_base()) == [f"Retour {rang}." for rang in range(4)]
    if verrou:
        assert (en_base(), len(recus)) == (sorted(en_base()), 4)


def test_un_lien_clos_garde_le_texte_et_un_autre_lien_le_porte(
    new_context: Poste, live_server: LiveServer, lien: LienDeRetour
) -> None:
    poste = new_context()
    autre = LienDeRetourFactory(
        parcours=lien.parcours, unite=UniteFactory(parcours=lien.parcours, nom="Les Pins"), cree_par=lien.cree_par
    )
    ouvrir(poste, live_server, autre).close()
    page = ouvrir(poste, live_server, lien)
    poste.set_offline(True)
    ecrire(page, "<script>document.title = 'raté'</script> se voit à l'écran.")
    envoyer(page)
    expect(page.locator("#merci")).to_be_visible()
    LienDeRetour.objects.filter(pk=lien.pk).update(revoque_le=timezone.localdate())
    poste.set_offline(False)
    reprise = page.locator(".reprise")
    expect(reprise).to_contain_text("Ce lien ne reçoit plus de retours")
    expect(page.locator("#t-merci")).to_have_text("Votre retour n’est pas parti")
    expect(reprise).to_contain_text("<script>document.title = 'raté'</script> se voit à l'écran.")
    assert en_base() == []

    # Rouverte, la page du lien clos le dit aussi, et garde le texte.
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce lien ne reçoit pas de retours")
    assert page.title() != "raté"
    page.get_by_role("button", name="Envoyer par « Les Pins").click()
    expect(page.locator("#file")).to_be_hidden()
    assert Retour.objects.get().unite == autre.unite
    # L'appareil a oublié le lien clos : l'icône mène à l'autre.
    page.goto(live_server.url + reverse("usages:retour-liens"))
    expect(page).to_have_url(adresse(live_server, autre))


def test_un_nir_revient_dans_les_champs(new_context: Poste, live_server: LiveServer, lien: LienDeRetour) -> None:
    poste = new_context()
    page = ouvrir(poste, live_server, lien)
    ecrire(page, f"Le dossier {NIR} ne s'ouvre pas.", photo=jpeg())
    envoyer(page)
    expect(page.locator("#fautes")).to_contain_text("retirez le numéro")
    expect(page.get_by_label("Qu'est-ce qui a posé problème ?")).to_have_value(f"Le dossier {NIR} ne s'ouvre pas.")
    page.get_by_label("Qu'est-ce qui a posé problème ?").fill("Un dossier ne s'ouvre pas.")
    envoyer(page)
    expect(page.locator("#t-merci")).to_have_text("Merci, votre retour est reçu")
    assert pieces_de(Retour.objects.get()).count() == 1

    # Hors ligne, personne n'est là pour lire le refus : il attend, et se reprend.
    poste.set_offline(True)
    ecrire(page, f"Le dossier {NIR} ne s'ouvre pas.")
    envoyer(page)
    expect(page.locator("#t-merci")).to_have_text("Gardé sur cet appareil")
    page.close()
    page = poste.new_page()
    page.goto(adresse(live_server, lien))
    poste.set_offline(False)
    page.get_by_role("button", name="Reprendre et corriger").click()
    page.get_by_label("Qu'est-ce qui a posé problème ?").fill("Un autre dossier ne s'ouvre pas.")
    envoyer(page)
    expect(page.locator("#t-merci")).to_have_text("Merci, votre retour est reçu")
    assert en_base() == ["Un dossier ne s'ouvre pas.", "Un autre dossier ne s'ouvre pas."]


def test_un_nom_et_une_naissance_se_relisent_une_fois(
    new_context: Poste, live_server: LiveServer, lien: LienDeRetour
) -> None:
    page = ouvrir(new_context(), live_server, lien)
    ecrire(page, "Mme Exemple 12/03/1954 n'apparaît plus.")
    envoyer(page)
    expect(page.locator("#fautes")).to_contain_text("nom et la date de naissance")
    assert en_base() == []
    page.get_by_role("button", name="Envoyer quand même").click()
    expect(page.locator("#t-merci")).to_have_text("Merci, votre retour est reçu")


def test_cinq_gestes_au_plus(new_context: Poste, live_server: LiveServer, lien: LienDeRetour) -> None:
    page, gestes = new_context().new_page(), Compteur()
    page.goto(adresse(live_server, lien))
    gestes.nombre += 1
    gestes.tape(page.get_by_label("Qu'est-ce qui a posé problème ?"), "L'écran se fige.")
    gestes.clic(page.get_by_role("button", name="Envoyer", exact=True))
    expect(page.locator("#t-merci")).to_have_text("Merci, votre retour est reçu")
    assert gestes.nombre <= 5
    assert Retour.objects.get().gravite == "genante"


def test_soixante_ko_apres_le_premier_chargement(
    new_context: Poste, live_server: LiveServer, lien: LienDeRetour, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Compté au serveur, en-têtes compris : ce que demande le service d'arrière-plan y est aussi."""
    poste = new_context()
    ouvrir(poste, live_server, lien).close()
    envoyes: list[int] = []
    ecrire_au_client = basehttp.ServerHandler._write

    def peser(self: Any, octets: bytes) -> Any:
        envoyes.append(len(octets))
        return ecrire_au_client(self, octets)

    monkeypatch.setattr(basehttp.ServerHandler, "_write", peser)
    montes: list[int] = []
    poste.on("request", lambda demande: montes.append(len(demande.post_data_buffer or b"")))
    page = ouvrir(poste, live_server, lien)
    ecrire(page, "L'écran se fige. " * 100)
    envoyer(page)
    expect(page.locator("#t-merci")).to_have_text("Merci, votre retour est reçu")
    total = sum(envoyes) + sum(montes)
    assert 1_000 < total <= 60 * 1024, total


def test_le_code_de_l_appareil_se_suit(new_context: Poste, live_server: LiveServer, lien: LienDeRetour) -> None:
    page = ouvrir(new_context(), live_server, lien)
    assert page.evaluate("treilleRetours.brouiller('7K2MQ9TX4HBD')") == codes_de_suivi.empreinte("7K2MQ9TX4HBD")
    ecrire(page, "L'écran se fige.")
    page.locator("#plus summary").click()
    page.get_by_label("Par un code que je garde").check()
    envoyer(page)
    expect(page.locator("#code")).to_be_visible()
    code = page.locator("#code").inner_text()
    assert codes_de_suivi.en_blocs(codes_de_suivi.compacter(code)) == code
    expect(page.locator("#t-merci")).to_have_text("Merci, votre retour est reçu")
    page.get_by_role("link", name="Suivre un retour par son code").click()
    page.get_by_label("Votre code").fill(code.lower())
    page.get_by_role("button", name="Voir où il en est").click()
    expect(page.get_by_role("heading", name="Nouveau")).to_be_visible()
    assert code not in page.url


def test_un_heic_de_trente_mo_se_dit_et_le_texte_part(
    new_context: Poste, live_server: LiveServer, lien: LienDeRetour
) -> None:
    page = ouvrir(new_context(), live_server, lien)
    ecrire(page, "L'écran se fige.", photo=b"\0\0\0 ftypheic" + bytes(30 << 20), nom="IMG_1.HEIC")
    expect(page.locator("#photo-dite")).to_contain_text("capture d’écran")
    envoyer(page)
    expect(page.locator("#t-merci")).to_have_text("Merci, votre retour est reçu")
    assert en_base() == ["L'écran se fige."]


@pytest.mark.parametrize(("code", "mot"), [(429, "Trop de retours"), (503, "ne répond pas")])
def test_un_serveur_sature_fait_attendre_sans_rien_perdre(
    new_context: Poste, live_server: LiveServer, lien: LienDeRetour, code: int, mot: str
) -> None:
    page = ouvrir(new_context(), live_server, lien)

    def saturer(route: Route) -> None:
        if route.request.method == "POST":
            corps = '{"motif": "Trop."}'
            route.fulfill(status=code, headers={"Retry-After": "400", "Content-Type": "application/json"}, body=corps)
        else:
            route.continue_()

    page.route("**/r/**", saturer)
    ecrire(page, "L'écran se fige.")
    envoyer(page)
    expect(page.locator("#file-pourquoi")).to_contain_text(mot)
    assert en_base() == []
    page.unroute("**/r/**")
    page.get_by_role("button", name="Envoyer maintenant").click()
    expect(page.locator("#file")).to_be_hidden()
    assert en_base() == ["L'écran se fige."]


def test_un_appareil_plein_laisse_la_photo_et_le_dit(
    new_context: Poste, live_server: LiveServer, lien: LienDeRetour
) -> None:
    poste = new_context()
    poste.add_init_script(PLEIN % "valeur.photo")
    page = ouvrir(poste, live_server, lien)
    ecrire(page, "L'écran se fige.", photo=jpeg())
    envoyer(page)
    expect(page.locator("#merci-photo")).to_contain_text("la photo n’est pas gardée, le texte l’est")
    expect(page.locator("#t-merci")).to_have_text("Merci, votre retour est reçu")
    assert en_base() == ["L'écran se fige."]


def test_un_appareil_tout_a_fait_plein_garde_le_texte_a_l_ecran(
    new_context: Poste, live_server: LiveServer, lien: LienDeRetour
) -> None:
    poste = new_context()
    poste.add_init_script(PLEIN % "true")
    page = ouvrir(poste, live_server, lien)
    poste.set_offline(True)
    ecrire(page, "L'écran se fige.")
    envoyer(page)
    expect(page.locator("#fautes")).to_contain_text("n’est gardé que sur cet écran")
    expect(page.get_by_label("Qu'est-ce qui a posé problème ?")).to_have_value("L'écran se fige.")
    poste.set_offline(False)
    envoyer(page)
    expect(page.locator("#t-merci")).to_have_text("Merci, votre retour est reçu")
    assert en_base() == ["L'écran se fige."]


def test_ce_qu_on_ecrit_survit_a_un_rechargement(
    new_context: Poste, live_server: LiveServer, lien: LienDeRetour
) -> None:
    poste = new_context()
    page = ouvrir(poste, live_server, lien)
    ecrire(page, "L'écran se fige quand")
    page.reload()
    expect(page.get_by_label("Qu'est-ce qui a posé problème ?")).to_have_value("L'écran se fige quand")
    autre = poste.new_page()
    autre.goto(adresse(live_server, lien))
    expect(autre.get_by_label("Qu'est-ce qui a posé problème ?")).to_have_value("")


def test_la_page_s_installe_et_reste_a_jour(new_context: Poste, live_server: LiveServer, lien: LienDeRetour) -> None:
    poste = new_context()
    page = ouvrir(poste, live_server, lien)
    portee = page.evaluate("navigator.serviceWorker.ready.then((pret) => new URL(pret.scope).pathname)")
    assert portee == "/r/"
    lien.unite.nom = "Les Iris du bas"
    lien.unite.save()
    page.reload()
    expect(page.locator(".ou")).to_contain_text("Les Iris du bas")
    poste.set_offline(True)
    page.reload()
    expect(page.locator(".ou")).to_contain_text("Les Iris du bas")
    # Une page jamais ouverte ici : à sa place, celle des liens connus.
    page.goto(live_server.url + reverse("usages:retour-liens") + "?choisir")
    expect(page.get_by_role("link", name="Les Iris")).to_be_visible()


def test_sans_script_la_page_marche(new_context: Poste, live_server: LiveServer, lien: LienDeRetour) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(adresse(live_server, lien))
    page.get_by_label("Qu'est-ce qui a posé problème ?").fill("L'écran se fige.")
    page.locator("#plus summary").click()
    page.get_by_label("Par un code que je garde").check()
    page.locator("#photo").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg()})
    page.get_by_role("button", name="Envoyer", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Merci, votre retour est reçu")
    assert pieces_de(Retour.objects.get()).count() == 1


def _fautes(page: Page) -> list[str]:
    """Axe, 320 px, et ce qui ne se prend pas au clavier."""
    fautes = [f"axe, {f['id']} : {n['target'][0]}" for f in Axe().run(page).response["violations"] for n in f["nodes"]]
    page.set_viewport_size({"width": 320, "height": 640})
    fautes += [f"320 px : {nom}" for nom in page.evaluate("regard.debordements()")]
    nombre = page.evaluate("regard.recenser()")
    atteints = set()
    for _ in range(nombre + 6):
        page.keyboard.press("Tab")
        ici = page.evaluate("regard.ici()")
        atteints.add(ici["rang"])
        if ici["rang"] >= 0 and not ici["vu"]:
            fautes.append(f"foyer invisible : {ici['nom']}")
    noms = page.evaluate("regard.noms()")
    return fautes + [f"hors d'atteinte : {noms[r]}" for r in set(range(nombre)) - atteints]


def test_chaque_etat_de_la_page_se_lit_et_se_tient_au_clavier(
    new_context: Poste, live_server: LiveServer, lien: LienDeRetour
) -> None:
    poste = new_context()
    poste.add_init_script(REGARD)
    plaintes: list[str] = []
    page = ouvrir(poste, live_server, lien)
    page.on("pageerror", lambda erreur: plaintes.append(str(erreur)))
    page.on("console", lambda dit: dit.type == "error" and "ERR_INTERNET" not in dit.text and plaintes.append(dit.text))
    page.locator("#plus summary").click()
    page.get_by_label("Par courriel").check()
    assert _fautes(page) == []
    envoyer(page)
    expect(page.locator("#fautes")).to_be_visible()
    assert _fautes(page) == []
    poste.set_offline(True)
    ecrire(page, "Un mot " + "trèslong" * 30)
    page.get_by_label("Par un code que je garde").check()
    envoyer(page)
    expect(page.locator("#merci-code")).to_be_visible()
    assert _fautes(page) == []
    LienDeRetour.objects.filter(pk=lien.pk).update(revoque_le=timezone.localdate())
    poste.set_offline(False)
    expect(page.locator(".reprise")).to_be_visible()
    assert _fautes(page) == []
    for chemin in ("usages:retour-liens", "usages:retour-suivi"):
        page.goto(live_server.url + reverse(chemin))
        assert _fautes(page) == []
    assert [p for p in plaintes if "410" not in p] == []


def test_la_dictee_ecrit_dans_un_champ_tout_simple(
    new_context: Poste, live_server: LiveServer, lien: LienDeRetour
) -> None:
    """Ce que la dictée du téléphone demande : un grand champ, sa langue, et rien qui récrive par-dessus."""
    page = ouvrir(new_context(), live_server, lien)
    champ = page.get_by_label("Qu'est-ce qui a posé problème ?")
    champ.focus()
    page.keyboard.insert_text("l'écran se fige")
    page.keyboard.insert_text(" quand j'ouvre l'agenda")
    expect(champ).to_have_value("l'écran se fige quand j'ouvre l'agenda")
    assert champ.evaluate("e => [e.tagName, e.lang, e.autocomplete]") == ["TEXTAREA", "fr", "off"]


def test_rien_de_l_image_ne_dit_le_lieu(new_context: Poste, live_server: LiveServer, lien: LienDeRetour) -> None:
    """Dès l'appareil : ce qui part n'a plus ni lieu, ni marque."""
    page, partis = ouvrir(new_context(), live_server, lien), []
    page.on("request", lambda demande: demande.method == "POST" and partis.append(demande.post_data_buffer or b""))
    source = jpeg(bavarde=True)
    assert b"Appareil d'essai" in source
    ecrire(page, "L'écran se fige.", photo=source)
    envoyer(page)
    expect(page.locator("#t-merci")).to_have_text("Merci, votre retour est reçu")
    assert partis and b"Appareil d'essai" not in partis[0]
    with Image.open(BytesIO(pieces_de(Retour.objects.get()).get().fichier.read())) as image:
        assert not image.getexif()
