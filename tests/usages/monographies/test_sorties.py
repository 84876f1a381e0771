"""La page, le PDF, le DOCX, l'API : les mêmes mots et les mêmes chiffres, pour qui les lit ; rien de ce qu'on tait."""

import html
import io
import re
import shutil
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typst
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document
from pypdf import PdfReader

from programme.documents.rendu import GABARITS, entrees
from programme.socle.jetons import creer_jeton
from tests.aides import connecte, exiger_requetes_constantes
from tests.fabriques import UtilisateurFactory
from tests.usages.monographies.fabriques import MonographieFactory, VerbatimDeVisiteFactory, equiper, passer
from tests.usages.monographies.mondes_sorties import ACCORDE, BALISAGE, PHRASE_TUE, Monde, monde, photo_de
from usages.documents import monographie as document
from usages.documents import monographie_docx
from usages.enums import CodeSection, Consentement, DroitPhoto, RoleEtude, ThemeEffet
from usages.models import Codage, Constat, Monographie
from usages.services.monographies.editions import Lecture, lire_pour

pytestmark = pytest.mark.django_db
C = CodeSection
V1 = "/api/v1/monographies/"


@pytest.fixture
def m() -> Monde:
    return monde()


def _lecture(m: Monde) -> Lecture:
    lue = lire_pour(Monographie.objects.pour_lecture().get(pk=m.monographie.pk), m.pilote, le=timezone.localdate())
    assert lue is not None
    return lue


def _plat(pdf: bytes) -> bytes:
    """Le PDF, ses flux dépliés."""
    morceaux = [pdf]
    for lu in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            morceaux.append(zlib.decompress(lu[1]))
        except zlib.error:
            continue
    return b"\n".join(morceaux)


def _mots_du_docx(octets: bytes) -> str:
    lu: Any = Document(io.BytesIO(octets))
    dits = [p.text for p in lu.paragraphs] + [c.text for t in lu.tables for r in t.rows for c in r.cells]
    return "\n".join(dits)


def _partout(m: Monde, lecteur: Any) -> dict[str, str]:
    """Ce que ce compte lit, sortie par sortie."""
    client, cle = connecte(lecteur), m.monographie.pk
    jeton = creer_jeton(utilisateur=lecteur)[1]
    api = Client(headers={"authorization": f"Jeton {jeton}"})
    pdf = client.get(reverse("usages:monographie-pdf", args=[cle])).content
    pdf_dit = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return {
        "html": html.unescape(client.get(reverse("usages:monographie-lire", args=[cle])).content.decode()),
        "pdf": pdf_dit,
        "docx": _mots_du_docx(client.get(reverse("usages:monographie-docx", args=[cle])).content),
        "json": api.get(f"{V1}{cle}/").content.decode(),
        "api docx": _mots_du_docx(api.get(f"{V1}{cle}.docx").content),
    }


def _serre(texte: str) -> str:
    return "".join(c for c in texte.casefold() if c.isalnum())


# --- ce qui ne sort pas ----------------------------------------------------------------------------------------------


def test_un_verbatim_sans_accord_n_est_dans_aucune_sortie(m: Monde) -> None:
    for nom, dit in _partout(m, m.pilote).items():
        assert _serre(PHRASE_TUE) not in _serre(dit), nom
        assert "@verbatim" not in dit, nom
        assert _serre(ACCORDE[:30]) in _serre(dit), nom


@pytest.mark.parametrize("consentement", [Consentement.RETIRE, Consentement.REFUSE, Consentement.A_DEMANDER])
def test_un_accord_retire_l_efface_de_l_edition_deja_publiee(m: Monde, consentement: str) -> None:
    m.publier()
    m.accorde.consentement = consentement
    m.accorde.save()
    for nom, dit in _partout(m, m.passant).items():
        assert _serre(ACCORDE) not in _serre(dit), nom


def test_une_photo_dont_le_droit_est_retire_disparait_partout(m: Monde) -> None:
    m.publier()
    avant = _partout(m, m.passant)
    assert all(_serre(m.photo.legende) in _serre(avant[nom]) for nom in ("html", "pdf", "docx", "json"))
    type(m.photo).objects.filter(pk=m.photo.pk).update(droit=DroitPhoto.RETIRE)
    for nom, dit in _partout(m, m.passant).items():
        assert _serre(m.photo.legende) not in _serre(dit), nom


def test_ce_qu_on_tape_n_est_jamais_du_balisage(m: Monde) -> None:
    sorties = _partout(m, m.pilote)
    brut = connecte(m.pilote).get(reverse("usages:monographie-lire", args=[m.monographie.pk])).content.decode()
    assert "&lt;b&gt;gras&lt;/b&gt;" in brut and "<b>gras" not in brut and "{{ titre }} {% if %}" in brut
    assert BALISAGE in sorties["docx"]
    assert _serre(BALISAGE) in _serre(sorties["pdf"])


# --- le PDF ----------------------------------------------------------------------------------------------------------


def test_le_pdf_est_balise(m: Monde) -> None:
    deplie = _plat(document.en_pdf(_lecture(m)))
    for cle in (b"/StructTreeRoot", b"/MarkInfo", b"/Lang", b"/Marked true", b"pdfuaid", b"/TH", b"/Alt", b"/Outlines"):
        assert cle in deplie, cle
    assert b"/BlockQuote" in deplie and b"/Figure" in deplie and b"/TOC" in deplie


def test_le_pdf_a_les_titres_de_la_page_dans_l_ordre(m: Monde) -> None:
    lecture = _lecture(m)
    donnees = document.donnees(lecture, timezone.now())
    titres = typst.query(
        str(GABARITS / document.GABARIT), "heading.where(level: 1)", root=str(GABARITS), ignore_system_fonts=True,
        sys_inputs=entrees(donnees), field="body",
    )  # fmt: skip
    for section in lecture.rendu.sections:
        assert section.titre.split("'")[0] in titres


def test_les_memes_donnees_rendent_les_memes_octets(m: Monde) -> None:
    le, lecture = timezone.now(), _lecture(m)
    assert document.en_pdf(lecture, le) == document.en_pdf(lecture, le)


def test_une_photo_illisible_n_empeche_pas_le_document(m: Monde) -> None:
    piece = _lecture(m).rendu.sections
    photo = next(p for s in piece for p in s.photos)
    photo.piece.fichier.storage.delete(photo.piece.fichier.name)
    assert document.en_pdf(_lecture(m)).startswith(b"%PDF") and monographie_docx.en_docx(_lecture(m))[:2] == b"PK"


def test_un_mot_sans_fin_se_coupe(m: Monde) -> None:
    m.ecrire(C.MOTIVATIONS, "x" * 400)
    assert "x" * 60 not in str(document.donnees(_lecture(m), timezone.now()))
    assert document.en_pdf(_lecture(m)).startswith(b"%PDF")


# --- le DOCX ---------------------------------------------------------------------------------------------------------


def test_le_docx_a_de_vrais_titres_tableaux_citations_et_images(m: Monde) -> None:
    lecture = _lecture(m)
    lu: Any = Document(io.BytesIO(monographie_docx.en_docx(lecture)))
    titres = [p.text for p in lu.paragraphs if p.style.name == "Heading 1"]
    assert titres == [s.titre for s in lecture.rendu.sections]
    assert "Les transmissions" in [p.text for p in lu.paragraphs if p.style.name == "Heading 2"]
    assert any(ACCORDE in p.text and "une éducatrice" in p.text for p in lu.paragraphs if p.style.name == "Quote")
    descriptions = re.findall(r'descr="([^"]+)"', lu.element.xml)
    assert m.photo.description in descriptions and len(descriptions) == len(lu.inline_shapes) >= 3
    assert lu.core_properties.title == m.monographie.titre


def test_le_docx_et_la_page_ont_les_memes_chiffres(m: Monde) -> None:
    lecture = _lecture(m)
    lu: Any = Document(io.BytesIO(monographie_docx.en_docx(lecture)))
    ecrites = [tuple(c.text for c in r.cells) for t in lu.tables for r in t.rows]
    for section in lecture.rendu.sections:
        for tableau in (*section.tableaux, *(f.tableau for f in section.figures)):
            assert set(tableau.lignes) <= set(ecrites), tableau.titre
        assert set(section.faits) <= set(ecrites)


def test_libreoffice_l_ouvre_et_y_lit_les_memes_titres(m: Monde, tmp_path: Path) -> None:
    if not (soffice := shutil.which("soffice")):
        pytest.skip("LibreOffice n'est pas là : le XML est lu par les essais d'au-dessus.")
    lecture = _lecture(m)
    (tmp_path / "m.docx").write_bytes(monographie_docx.en_docx(lecture))
    profil = f"-env:UserInstallation={(tmp_path / 'profil').as_uri()}"
    subprocess.run(
        [soffice, profil, "--headless", "--convert-to", "txt:Text", "--outdir", str(tmp_path), f"{tmp_path}/m.docx"],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    dit = (tmp_path / "m.txt").read_text(encoding="utf-8-sig")
    for section in lecture.rendu.sections:
        assert section.titre in dit
    assert ACCORDE in dit and "111 grappes" in dit and _serre(PHRASE_TUE) not in _serre(dit)


# --- qui lit quoi ----------------------------------------------------------------------------------------------------

PAGES: dict[str, Callable[[Monde], str]] = {
    nom: (lambda m, nom=nom: reverse(f"usages:monographie-{nom}", args=[m.monographie.pk]))
    for nom in ("lire", "pdf", "docx")
}


@pytest.mark.parametrize("nom", PAGES)
def test_un_brouillon_n_est_qu_a_l_equipe(m: Monde, nom: str) -> None:
    url = PAGES[nom](m)
    assert connecte(m.pilote).get(url).status_code == 200
    assert connecte(m.directrice).get(url).status_code == 404
    assert connecte(m.passant).get(url).status_code == 404
    passer(m.monographie, m.pilote, "envoyer_en_relecture")
    assert connecte(m.directrice).get(url).status_code == 200
    assert connecte(m.passant).get(url).status_code == 404
    assert Client().get(url).status_code in (302, 401)


@pytest.mark.parametrize("nom", PAGES)
def test_publiee_chacun_lit_l_edition(m: Monde, nom: str) -> None:
    m.publier()
    assert connecte(m.passant).get(PAGES[nom](m)).status_code == 200
    assert connecte(m.passant).get(PAGES[nom](m), {"edition": "1"}).status_code == 200
    if nom != "lire":
        assert connecte(m.passant).get(PAGES[nom](m), {"edition": "2"}).status_code == 404
        assert connecte(m.passant).get(PAGES[nom](m), {"edition": "x"}).status_code == 404


def test_l_edition_reste_lue_pendant_qu_on_reprend(m: Monde) -> None:
    edition = m.publier()
    passer(m.monographie, m.pilote, "reprendre")
    m.ecrire(C.MOTIVATIONS, "Une phrase toute neuve.")
    url = reverse("usages:monographie-lire", args=[m.monographie.pk])
    assert "Une phrase toute neuve" in connecte(m.pilote).get(url).content.decode()
    passant = connecte(m.passant).get(url).content.decode()
    assert "Une phrase toute neuve" not in passant and "Édition 1" in passant
    assert connecte(m.passant).get(reverse("usages:edition-lire", args=[edition.pk])).status_code == 200


def test_ce_qui_manque_ne_se_dit_qu_a_l_equipe(m: Monde) -> None:
    passer(m.monographie, m.pilote, "envoyer_en_relecture")
    url = reverse("usages:monographie-lire", args=[m.monographie.pk])
    assert "avant de publier" in connecte(m.pilote).get(url).content.decode()
    assert "avant de publier" not in connecte(m.directrice).get(url).content.decode()


def test_la_page_a_ses_ancres_ses_figures_et_sa_photo(m: Monde) -> None:
    client = connecte(m.pilote)
    dit = client.get(reverse("usages:monographie-lire", args=[m.monographie.pk])).content.decode()
    ancres = set(re.findall(r'id="([^"]+)"', dit))
    assert set(re.findall(r'href="#([^"]+)"', dit)) <= ancres
    assert 'class="prose-citation"' in dit and 'class="prose-encadre"' in dit and 'role="img"' in dit
    (image,) = re.findall(r'<img src="([^"]+)" alt="Une salle claire', dit)
    assert client.get(image).status_code == 200


# --- l'API -----------------------------------------------------------------------------------------------------------


def _api(compte: Any) -> Client:
    return Client(headers={"authorization": f"Jeton {creer_jeton(utilisateur=compte)[1]}"})


def test_l_api_liste_ce_que_le_compte_lit(m: Monde) -> None:
    assert [x["etat"] for x in _api(m.pilote).get(V1).json()["results"]] == ["brouillon"]
    assert _api(m.passant).get(V1).json()["results"] == []
    m.publier()
    passer(m.monographie, m.pilote, "reprendre")
    m.monographie.titre = "Un titre encore secret"
    m.monographie.save()
    (lue,) = _api(m.passant).get(V1).json()["results"]
    assert (lue["etat"], lue["titre"], lue["editions"][0]["numero"]) == ("publiee", "Une monographie d'essai", 1)
    assert _api(m.passant).get(V1, {"recherche": "secret"}).json()["results"] == []
    assert len(_api(m.pilote).get(V1, {"recherche": "SECRET"}).json()["results"]) == 1


def test_l_api_filtre(m: Monde) -> None:
    api, autre = _api(m.pilote), MonographieFactory(titre="Une veilleuse raconte")
    equiper(autre.visite.etude, m.pilote)
    region = m.parcours.esms.departement.region_id
    for filtre, attendus in (
        ({}, 2),
        ({"etude": m.monographie.visite.etude_id}, 1),
        ({"region": region, "etude": autre.visite.etude_id}, int(autre.parcours.esms.departement.region_id == region)),
        ({"etat": "brouillon"}, 2),
        ({"etat": "publiee"}, 0),
        ({"recherche": "VEILLEUSE raconte"}, 1),
    ):
        assert len(api.get(V1, filtre).json()["results"]) == attendus, filtre
    assert api.get(V1, {"region": "zz"}).status_code == 400
    assert api.get(V1, {"etat": "perdue"}).status_code == 400


def test_l_api_rend_404_a_qui_ne_lit_pas(m: Monde) -> None:
    for suite in ("/", ".pdf", ".docx"):
        assert _api(m.passant).get(f"{V1}{m.monographie.pk}{suite}").status_code == 404
        assert Client().get(f"{V1}{m.monographie.pk}{suite}").status_code == 401
        assert _api(m.pilote).get(f"{V1}{m.monographie.pk}{suite}").status_code == 200
        assert _api(m.pilote).get(f"{V1}{m.monographie.pk}{suite}", {"edition": 1}).status_code == 404


def test_l_api_dit_ce_que_dit_la_page(m: Monde) -> None:
    lecture, lue = _lecture(m), _api(m.pilote).get(f"{V1}{m.monographie.pk}/").json()
    assert [s["titre"] for s in lue["sections"]] == [s.titre for s in lecture.rendu.sections]
    assert lue["edition"] is None and lue["mention"].startswith("Brouillon")


# --- requêtes constantes ---------------------------------------------------------------------------------------------


def _grossir(m: Monde) -> Callable[[int], None]:
    visite, codeur = m.monographie.visite, UtilisateurFactory()
    equiper(visite.etude, codeur, RoleEtude.AUTEUR)

    def peupler(n: int) -> None:
        for _ in range(n):
            dit = VerbatimDeVisiteFactory(visite=visite)
            constat = Constat.objects.create(
                visite=visite, libelle=f"Constat {dit.pk}", theme_propose=ThemeEffet.QVCT, ecrit_par=m.pilote
            )
            Codage.objects.create(
                constat=constat, codeur=codeur, theme=ThemeEffet.QVCT, sens="positif", force="forte", preuve="dite"
            )
            m.monographie.documents.create(titre=f"Document {dit.pk}")
            section = m.monographie.sections.get(code=C.QVCT)
            m.ecrire(C.QVCT, f"{section.texte}\n\n@verbatim {dit.pk}\n\nUn paragraphe {dit.pk}.")
            photo_de(visite, C.QVCT, legende=f"Photo {dit.pk}")

    return peupler


def test_la_page_demande_autant_de_requetes_a_1_et_a_50(m: Monde) -> None:
    url = reverse("usages:monographie-lire", args=[m.monographie.pk])
    exiger_requetes_constantes(connecte(m.pilote), url, _grossir(m))


def test_l_edition_aussi(m: Monde) -> None:
    url = reverse("usages:monographie-lire", args=[m.monographie.pk])

    def republier(n: int) -> None:
        for _ in range(n if n == 1 else 5):
            if m.monographie.etat == "publiee":
                passer(m.monographie, m.pilote, "reprendre")
            m.publier()

    exiger_requetes_constantes(connecte(m.passant), url, republier)


def test_la_liste_de_l_api_aussi(m: Monde) -> None:
    m.publier()

    def peupler(n: int) -> None:
        for _ in range(n):
            equiper(MonographieFactory().visite.etude, m.pilote)

    entetes = {"authorization": f"Jeton {creer_jeton(utilisateur=m.pilote)[1]}"}
    exiger_requetes_constantes(Client(), f"{V1}?taille=50", peupler, entetes)
