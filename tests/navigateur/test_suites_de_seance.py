"""Ce qui suit une séance, dans un vrai navigateur : point repris, action à faire, agenda, quorum manqué, dossier."""

import io
import re
from datetime import timedelta
from typing import Any

import docx
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from gouvernance.models import Decision, Instance, Seance
from gouvernance.services.dossiers import demander
from tests.fabriques import ParcoursFactory, cheffe_de, directrice_de
from tests.gouvernance.aides_dossier import peupler
from tests.gouvernance.fabriques import InstanceFactory, PointFactory, SeanceFactory, levee_de, mandater, seance_ouverte
from tests.navigateur.gestes import Poste, entrer, franchir

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def comop() -> Instance:
    return InstanceFactory(nom="COMOP", quorum=0)


@pytest.fixture
def cheffe(comop: Instance) -> Any:
    return cheffe_de(comop.grappe)


@pytest.fixture
def page(new_context: Poste, live_server: LiveServer, cheffe: Any) -> Page:
    return entrer(new_context, live_server.url, cheffe)


def test_un_point_laisse_ouvert_revient_une_fois(page: Page, live_server: LiveServer, comop: Instance) -> None:
    seance, suivante = seance_ouverte(comop), SeanceFactory(comite=comop)
    PointFactory(seance=seance, titre="Former la nuit")
    for transition, motif in (("clore", ""), ("rouvrir", "Close trop tôt"), ("clore", "")):
        franchir(page, live_server.url, Seance.objects.get(pk=seance.pk), transition, motif)
    page.goto(f"{live_server.url}/seances/{suivante.pk}/")
    expect(page.get_by_role("heading", name="Former la nuit")).to_have_count(1)
    expect(page.get_by_text(re.compile("reporté du"))).to_have_count(1)


def test_une_action_de_seance_n_est_a_faire_que_chez_son_responsable(
    page: Page, new_context: Poste, live_server: LiveServer, comop: Instance
) -> None:
    parcours = ParcoursFactory(grappe=comop.grappe)
    directrice, voisine = directrice_de(parcours), directrice_de(ParcoursFactory(grappe=comop.grappe))
    point = PointFactory(seance=seance_ouverte(comop))
    page.goto(f"{live_server.url}/seances/{point.seance_id}/")
    issues = page.locator(f"#issues-{point.pk}")
    issues.get_by_role("link", name="Action").click()
    issues.get_by_label("Action", exact=False).first.fill("Poser deux bornes")
    issues.get_by_label("Pour qui", exact=False).first.select_option(str(parcours.pk))
    issues.get_by_label("Responsable", exact=False).first.select_option(str(directrice.pk))
    issues.get_by_label("Échéance", exact=False).first.fill(f"{timezone.localdate() + timedelta(days=5):%Y-%m-%d}")
    issues.get_by_role("button", name="Consigner").click()
    expect(issues.get_by_role("link", name="Poser deux bornes")).to_be_visible()
    for qui, nombre in ((directrice, 1), (voisine, 0)):
        chez = entrer(new_context, live_server.url, qui)
        chez.goto(live_server.url)
        expect(chez.get_by_role("main").get_by_text("Poser deux bornes")).to_have_count(nombre)
    page.goto(live_server.url)
    expect(page.get_by_role("main").get_by_text("Poser deux bornes")).to_have_count(0)


def test_l_agenda_suit_la_seance_et_meurt_avec_son_adresse(
    page: Page, new_context: Poste, live_server: LiveServer, comop: Instance
) -> None:
    seance = SeanceFactory(comite=comop)
    page.goto(f"{live_server.url}/calendrier/")
    page.get_by_role("button", name="Créer mon adresse").click()
    adresse = page.get_by_label("Adresse à coller").input_value()
    agenda = new_context().request  # sans session
    avant = agenda.get(adresse)
    assert avant.headers["content-type"].startswith("text/calendar")
    assert f"DTSTART;TZID=Europe/Paris:{timezone.localtime(seance.debut):%Y%m%dT%H}" in avant.text()
    # On la déplace par sa page : même séance, autre heure, numéro de changement suivant.
    ailleurs = timezone.localdate(seance.debut) + timedelta(days=3)
    page.goto(f"{live_server.url}/seances/{seance.pk}/modifier/")
    page.get_by_label("Date", exact=False).first.fill(f"{ailleurs:%Y-%m-%d}")
    page.get_by_role("button", name="Enregistrer la séance").click()
    expect(page.get_by_text("La séance est déplacée")).to_be_visible()
    apres = agenda.get(adresse).text()
    assert f"DTSTART;TZID=Europe/Paris:{ailleurs:%Y%m%d}T" in apres
    lu = re.compile(r"^(UID|SEQUENCE):(.*?)\r?$", re.MULTILINE)
    assert [v for _, v in lu.findall(apres)] == [f"{dict(lu.findall(avant.text()))['UID']}", "1"]
    page.goto(f"{live_server.url}/calendrier/")
    page.get_by_role("button", name="Révoquer l’adresse").click()
    expect(page.get_by_text("est révoquée")).to_be_visible()
    assert agenda.get(adresse).status == 404


def test_sans_quorum_la_seance_se_clot_et_n_arbitre_rien(page: Page, live_server: LiveServer, cheffe: Any) -> None:
    comop = InstanceFactory(grappe=cheffe.affectations.get().grappe, nom="COMOP à quorum", quorum=50)
    mandater(comop, cheffe)
    decision = levee_de(comop, "vague", ParcoursFactory(grappe=comop.grappe))
    seance = decision.seance
    page.goto(f"{live_server.url}/passages/seance/{seance.pk}/clore/")
    expect(
        page.get_by_text("Le quorum n'est pas atteint : la séance se clôt ainsi, et n'arbitre rien.")
    ).to_be_visible()
    franchir(page, live_server.url, seance, "clore")
    page.goto(f"{live_server.url}/seances/{seance.pk}/")
    expect(page.get_by_text("Séance tenue sans quorum")).to_be_visible()
    page.goto(f"{live_server.url}/passages/decision/{decision.pk}/arbitrer/")
    with page.expect_response(lambda r: r.request.method == "POST") as reponse:
        page.get_by_role("region", name="Votre décision").get_by_role("button").click(force=True)
    assert reponse.value.status == 409
    expect(page.get_by_text("la séance s'est close sans lui").first).to_be_visible()
    assert Decision.objects.get().etat == "instruite"


def test_le_dossier_de_la_page_et_du_docx_portent_les_memes_lignes(
    page: Page, live_server: LiveServer, comop: Instance, cheffe: Any
) -> None:
    peupler(comop.grappe, 3)
    seance = SeanceFactory(comite=comop)
    demander(seance=seance, par=cheffe)
    page.goto(f"{live_server.url}/seances/{seance.pk}/dossier/")
    vues = page.locator("main table tbody tr").evaluate_all(
        "lignes => lignes.map(l => [...l.cells].map(c => c.innerText.replace(/\\s+/g, ' ').trim()))"
    )
    for forme in ("PDF", "DOCX"):
        with page.expect_download() as emporte:
            page.get_by_role("link", name=re.compile(forme)).first.click()
        octets = emporte.value.path().read_bytes()
    assert octets[:2] == b"PK"
    tables = docx.Document(io.BytesIO(octets)).tables
    ecrites = [[re.sub(r"\s+", " ", c.text).strip() for c in r.cells] for t in tables for r in t.rows[1:]]
    assert len(ecrites) > 10 and vues == ecrites
