"""Le dossier de séance : fait d'un geste, figé, le même à l'écran, en PDF et en DOCX."""

import html
import io
import json
import re
import shutil
import subprocess
import zlib
from pathlib import Path
from typing import Any

import pytest
import typst
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from docx import Document

from gouvernance.documents.dossier import GABARIT_PDF, document_de
from gouvernance.models import CompteRendu, DossierSeance, Instance, PartageSeance, Seance
from gouvernance.services.dossiers import demander, dernier_de, est_intact, lire
from programme.documents import rendu
from programme.enums import Role
from programme.models import Grappe, Parcours
from programme.socle import chapitres as socle
from programme.socle.chapitres import Chapitre, Chiffres, Tableau, Texte
from programme.socle.erreurs import Refus
from programme.socle.models import Travail
from programme.socle.porte import changer_etat
from programme.socle.registres import Registre
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import affecter, cheffe_de
from tests.gouvernance.aides_dossier import page_du_dossier, peupler
from tests.gouvernance.fabriques import (
    DossierSeanceFactory,
    InstanceFactory,
    PointFactory,
    SeanceFactory,
    mandater,
)

pytestmark = pytest.mark.django_db

PIEGE = '#eval("1+1") *gras* {{ entete }} <w:p> & « fin » \\'


@pytest.fixture
def comop() -> Instance:
    return InstanceFactory(quorum=0)


@pytest.fixture
def grappe(comop: Instance) -> Grappe:
    return comop.grappe


@pytest.fixture
def seance(comop: Instance) -> Seance:
    return SeanceFactory(comite=comop, lieu="Salle haute")


@pytest.fixture
def cheffe(grappe: Grappe) -> Any:
    return cheffe_de(grappe)


def _attendus(dossier: DossierSeance) -> list[list[str]]:
    """Tout ce que le dossier chiffre : chaque chiffre de tête, chaque ligne de tableau."""
    rendus: list[list[str]] = []
    for chapitre in dossier.contenu["chapitres"]:
        for bloc in chapitre["blocs"]:
            rendus += bloc.get("valeurs", []) + bloc.get("lignes", [])
    return rendus


def _releves(dossier: DossierSeance) -> list[list[str]]:
    """Ce que le gabarit imprime, tel que typst le pose dans le document."""
    lus = typst.query(
        str(rendu.GABARITS / GABARIT_PDF),
        "<releve>",
        field="value",
        root=str(rendu.GABARITS),
        ignore_system_fonts=True,
        sys_inputs=rendu.entrees(document_de(dossier).donnees),
    )
    return [r["mots"] for r in json.loads(lus)]


def _flux(pdf: bytes) -> bytes:
    """Le PDF, ses flux dépliés : de quoi y chercher une clé."""
    deplies = [pdf]
    for morceau in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            deplies.append(zlib.decompress(morceau))
        except zlib.error:
            continue
    return b"\n".join(deplies)


# --- le faire --------------------------------------------------------------------------------------------------------


def test_la_page_vide_propose_le_geste_et_lire_n_ecrit_rien(seance: Seance, cheffe: Any) -> None:
    client = connecte(cheffe)
    page = client.get(page_du_dossier(seance))
    assert "Faire le dossier" in page.content.decode()
    assert not DossierSeance.objects.exists()
    membre = affecter(Role.MEMBRE, seance.comite.grappe)
    mandater(seance.comite, membre)
    lue = connecte(membre).get(page_du_dossier(seance)).content.decode()
    assert "Faire le dossier" not in lue and "le fait avant la séance" in lue


def test_un_geste_fait_le_dossier_et_le_dit(grappe: Grappe, seance: Seance, cheffe: Any) -> None:
    peupler(grappe, 2)
    reponse = connecte(cheffe).post(page_du_dossier(seance), follow=True)
    texte = html.unescape(reponse.content.decode())
    assert f"Le dossier de « {seance} » est fait." in texte
    dossier = dernier_de(seance)
    assert dossier and dossier.fait_par == cheffe
    codes = [c["code"] for c in dossier.contenu["chapitres"]]
    assert codes == [
        "ordre_du_jour", "decisions", "avancement", "glissement", "preparation", "risques", "alertes", "actions",
    ]  # fmt: skip
    for chapitre in dossier.contenu["chapitres"]:
        assert chapitre["titre"] in texte


def test_qui_anime_le_fait_qui_siege_non(seance: Seance) -> None:
    anime, siege = (affecter(Role.MEMBRE, seance.comite.grappe) for _ in range(2))
    mandater(seance.comite, anime, anime=True)
    mandater(seance.comite, siege)
    assert connecte(siege).post(page_du_dossier(seance)).status_code == 403
    assert not DossierSeance.objects.exists()
    assert connecte(anime).post(page_du_dossier(seance)).status_code == 302
    assert DossierSeance.objects.get().fait_par == anime


def test_une_seance_close_garde_son_dossier_et_n_en_fait_plus(seance: Seance, cheffe: Any) -> None:
    fait = demander(seance=seance, par=cheffe)
    changer_etat(seance, "ouvrir", par=cheffe)
    demander(seance=seance, par=cheffe)
    changer_etat(seance, "clore", par=cheffe)
    reponse = connecte(cheffe).post(page_du_dossier(seance), follow=True)
    texte = html.unescape(reponse.content.decode())
    assert "n'est plus à préparer" in texte and "Refaire" not in texte
    assert DossierSeance.objects.count() == 2 and est_intact(fait)
    with pytest.raises(Refus) as refus:
        demander(seance=seance, par=cheffe)
    assert refus.value.code == "etat"


def test_le_financeur_ne_lit_pas_le_dossier_meme_avec_un_partage(seance: Seance, cheffe: Any) -> None:
    grappe = seance.comite.grappe
    demander(seance=seance, par=cheffe)
    for geste in ("ouvrir", "clore", "diffuser"):
        changer_etat(seance, geste, par=cheffe)
    CompteRendu.objects.get_or_create(seance=seance, defaults={"contenu": {}, "empreinte": "0", "diffuse_par": cheffe})
    changer_etat(grappe, "deposer", par=cheffe)
    ars = affecter(Role.ARS, grappe.region)
    client = connecte(ars)
    assert client.get(page_du_dossier(seance)).status_code == 404
    PartageSeance.objects.create(seance=seance, du=timezone.localdate(), pourquoi="Revue", ouvert_par=cheffe)
    refus = client.get(page_du_dossier(seance))
    assert refus.status_code == 403 and "membres de l" in html.unescape(refus.content.decode())
    api = client.get(reverse("api:seance-dossier-pdf", args=[seance.pk]))
    assert api.status_code == 403 and "membres" in api.json()["motif"]
    fait = dernier_de(seance)
    assert fait and client.get(reverse("gouvernance:dossier-pdf", args=[fait.pk])).status_code == 404


# --- les mêmes chiffres partout --------------------------------------------------------------------------------------


def test_la_page_le_pdf_et_le_docx_portent_les_memes_chiffres(grappe: Grappe, seance: Seance, cheffe: Any) -> None:
    peupler(grappe, 3)
    PointFactory(seance=seance, titre="Les formations", expose="Qui forme la nuit")
    dossier = demander(seance=seance, par=cheffe)
    assert isinstance(dossier, DossierSeance)
    attendus = _attendus(dossier)
    assert len(attendus) > 40

    assert _releves(dossier) == attendus

    octets = document_de(dossier).en_docx()
    lu = Document(io.BytesIO(octets))
    puces = [p.text.rsplit(" : ", 1) for p in lu.paragraphs if p.style.name == "List Bullet"]
    lignes = [[c.text for c in r.cells] for t in lu.tables for r in t.rows[1:]]
    assert sorted(puces + lignes) == sorted(attendus)

    page = html.unescape(connecte(cheffe).get(page_du_dossier(seance)).content.decode())
    cases = {re.sub(r"\s+", " ", c) for c in re.findall(r"<(?:td|th scope=\"row\")[^>]*>([^<]*)<", page)}
    for ligne in (ligne for t in lu.tables for ligne in ([c.text for c in r.cells] for r in t.rows[1:])):
        assert {re.sub(r"\s+", " ", mots) for mots in ligne} <= cases, ligne
    for nom, valeur in puces:
        assert nom in page and valeur in page


def test_le_docx_s_ouvre_dans_libreoffice_avec_les_memes_chiffres(
    grappe: Grappe, seance: Seance, cheffe: Any, tmp_path: Path
) -> None:
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice n'est pas installé : python-docx a déjà relu le fichier")
    peupler(grappe, 3)
    dossier = demander(seance=seance, par=cheffe)
    assert isinstance(dossier, DossierSeance)
    (tmp_path / "d.docx").write_bytes(document_de(dossier).en_docx())
    commande = [soffice, f"-env:UserInstallation=file://{tmp_path}/profil", "--headless"]
    commande += ["--convert-to", "txt:Text (encoded):UTF8", "d.docx"]
    subprocess.run(commande, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    converti = re.sub(r"\s+", " ", (tmp_path / "d.txt").read_text(encoding="utf-8"))
    absents = [m for ligne in _attendus(dossier) for m in ligne if re.sub(r"\s+", " ", m) not in converti]
    assert not absents


def test_le_texte_du_pdf_porte_les_memes_chiffres(grappe: Grappe, seance: Seance, cheffe: Any, tmp_path: Path) -> None:
    pdftotext = shutil.which("pdftotext")
    if pdftotext is None:
        pytest.skip("pdftotext n'est pas installé : typst a déjà dit ce qu'il imprime")
    peupler(grappe, 3)
    dossier = demander(seance=seance, par=cheffe)
    assert isinstance(dossier, DossierSeance)
    (tmp_path / "d.pdf").write_bytes(document_de(dossier).en_pdf())
    lu = subprocess.run([pdftotext, "-raw", str(tmp_path / "d.pdf"), "-"], check=True, capture_output=True, timeout=60)
    texte = re.sub(r"\s+", "", lu.stdout.decode())
    assert not [m for ligne in _attendus(dossier) for m in ligne if re.sub(r"\s+", "", m) not in texte]


def test_le_pdf_est_balise_en_francais(grappe: Grappe, seance: Seance, cheffe: Any) -> None:
    peupler(grappe, 1)
    demander(seance=seance, par=cheffe)
    dossier = dernier_de(seance)
    assert dossier
    pdf = document_de(dossier).en_pdf()
    assert pdf.startswith(b"%PDF-1.7") and pdf == document_de(dossier).en_pdf(), "le même dossier, les mêmes octets"
    plat = _flux(pdf)
    for cle in (b"/StructTreeRoot", b"/MarkInfo", b"/Lang", b"pdfuaid", b"/TH"):
        assert cle in plat, cle


def test_le_docx_se_modifie_titres_en_tetes_repetes_et_langue(grappe: Grappe, seance: Seance, cheffe: Any) -> None:
    peupler(grappe, 1)
    demander(seance=seance, par=cheffe)
    dossier = dernier_de(seance)
    assert dossier
    lu = Document(io.BytesIO(document_de(dossier).en_docx()))
    titres = [p.text for p in lu.paragraphs if p.style.name == "Heading 1"]
    assert titres == [f"{n}. {c['titre']}" for n, c in enumerate(dossier.contenu["chapitres"], 1)]
    section = lu.sections[0]
    large = section.page_width - section.left_margin - section.right_margin
    for table in lu.tables:
        assert "tblHeader" in table.rows[0]._tr.xml and "tblHeader" not in table.rows[-1]._tr.xml
        larges = [c.width for c in table.rows[-1].cells]
        assert large * 0.15 < sum(larges) <= large and min(larges) > large * 0.03, "ni débord, ni colonne écrasée"
    assert lu.core_properties.language == "fr-FR" and str(seance) in lu.core_properties.title


def test_un_nom_qui_ressemble_a_du_balisage_reste_un_nom(grappe: Grappe, seance: Seance, cheffe: Any) -> None:
    PointFactory(seance=seance, titre=PIEGE, expose=PIEGE)
    demander(seance=seance, par=cheffe)
    dossier = dernier_de(seance)
    assert dossier and any(PIEGE in ligne for ligne in _releves(dossier))
    assert document_de(dossier).en_pdf()
    lu = Document(io.BytesIO(document_de(dossier).en_docx()))
    assert any(c.text == PIEGE for t in lu.tables for r in t.rows for c in r.cells)
    assert PIEGE in html.unescape(connecte(cheffe).get(page_du_dossier(seance)).content.decode())


def test_le_chapitre_d_une_autre_app_entre_de_lui_meme(
    seance: Seance, cheffe: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    registre: Registre[Chapitre] = Registre("essai")
    blocs = [Texte("Un mot."), Chiffres((("Formés", "12 sur 40"),)), Tableau("Vide", ("A", "B"), (), "Rien encore.")]
    registre.inscrire("formation", Chapitre("formation", "La formation", 60, lambda _: [*blocs]))
    registre.inscrire("muet", Chapitre("muet", "Muet", 10, lambda _: []))
    monkeypatch.setattr(socle, "chapitres", registre)
    demander(seance=seance, par=cheffe)
    dossier = dernier_de(seance)
    assert dossier and [c["code"] for c in dossier.contenu["chapitres"]] == ["ordre_du_jour", "formation"]
    page = connecte(cheffe).get(page_du_dossier(seance)).content.decode()
    assert "12 sur 40" in page and "Rien encore." in page and ["Formés", "12 sur 40"] in _releves(dossier)
    lu = Document(io.BytesIO(document_de(dossier).en_docx()))
    assert {"Un mot.", "Rien encore."} <= {p.text for p in lu.paragraphs}


# --- figé ------------------------------------------------------------------------------------------------------------


def test_ce_qui_change_ensuite_ne_change_pas_le_dossier(grappe: Grappe, seance: Seance, cheffe: Any) -> None:
    peupler(grappe, 1)
    demander(seance=seance, par=cheffe)
    ancien = dernier_de(seance)
    assert ancien
    avant = document_de(ancien).en_pdf()
    peupler(grappe, 1)
    PointFactory(seance=seance, titre="Un point de plus")
    relu = DossierSeance.objects.get(pk=ancien.pk)
    assert document_de(relu).en_pdf() == avant and est_intact(relu)
    demander(seance=seance, par=cheffe)
    nouveau = dernier_de(seance)
    assert nouveau and nouveau.pk != ancien.pk and nouveau.empreinte != ancien.empreinte
    client = connecte(cheffe)
    page = client.get(reverse("gouvernance:dossier-detail", args=[ancien.pk])).content.decode()
    assert "Il y en a un plus récent" in page and "Un point de plus" not in page
    assert "Un point de plus" in client.get(page_du_dossier(seance)).content.decode()


def test_un_dossier_ne_se_reecrit_pas_et_un_contenu_change_se_voit(seance: Seance, cheffe: Any) -> None:
    demander(seance=seance, par=cheffe)
    dossier = dernier_de(seance)
    assert dossier
    dossier.contenu["entete"]["titre"] = "Autre"
    with pytest.raises(ValueError, match="ne se réécrit pas"):
        dossier.save()
    client = connecte(cheffe)
    assert "changé hors de Treille" not in client.get(page_du_dossier(seance)).content.decode()
    DossierSeance.objects.filter(pk=dossier.pk).update(contenu=dossier.contenu)
    assert "changé hors de Treille" in client.get(page_du_dossier(seance)).content.decode()


# --- l'API -----------------------------------------------------------------------------------------------------------


def test_l_api_rend_le_dernier_dossier_ou_dit_qu_il_manque(seance: Seance, cheffe: Any) -> None:
    client = connecte(cheffe)
    for forme, debut in (("pdf", b"%PDF"), ("docx", b"PK")):
        url = reverse(f"api:seance-dossier-{forme}", args=[seance.pk])
        absent = client.get(url)
        assert absent.status_code == 404 and "Aucun dossier" in absent.json()["motif"]
        DossierSeanceFactory(seance=seance)
        reponse = client.get(url)
        assert reponse.status_code == 200 and reponse.content.startswith(debut)
        assert reponse["Content-Disposition"].endswith(f'.{forme}"') and not Travail.objects.exists()
        dossier = dernier_de(seance)
        assert dossier
        page = client.get(reverse(f"gouvernance:dossier-{forme}", args=[dossier.pk]))
        assert page["Content-Type"] == reponse["Content-Type"]
        DossierSeance.objects.all().delete()


# --- l'échelle -------------------------------------------------------------------------------------------------------


def test_lire_coute_autant_a_un_esms_qu_a_cinquante(grappe: Grappe, seance: Seance, cheffe: Any) -> None:
    def compter() -> int:
        with CaptureQueriesContext(connection) as captees:
            lire(seance, par=cheffe, le=timezone.localtime())
        return len(captees)

    peupler(grappe, 1)
    compter()
    a_un = compter()
    peupler(grappe, 49)
    assert Parcours.objects.filter(grappe=grappe).count() == 50
    assert compter() == a_un


def test_la_page_coute_autant_a_une_version_qu_a_cinquante(seance: Seance, cheffe: Any) -> None:
    demander(seance=seance, par=cheffe)
    exiger_requetes_constantes(
        connecte(cheffe), page_du_dossier(seance), lambda n: [DossierSeanceFactory(seance=seance) for _ in range(n)]
    )
