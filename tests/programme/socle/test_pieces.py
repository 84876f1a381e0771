"""Les pièces : reconnues à leur contenu, rangées sans leur nom, servies à qui lit l'objet."""

import io
import struct
import zipfile
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from programme.models import Jalon
from programme.socle import pieces
from programme.socle.erreurs import Refus
from programme.socle.models import Piece
from programme.socle.pieces import deposer, nom_propre, pieces_de, retirer
from programme.socle.texte import cle_nir
from programme.socle.types_de_fichier import FichierInconnu, reconnaitre
from tests.aides import connecte
from tests.fabriques import JalonFactory, UtilisateurFactory, cheffe_de, pdf


def png(largeur: int = 4, hauteur: int = 4) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + struct.pack(">II", largeur, hauteur) + b"\x08\x02\x00\x00\x00"


def jpeg(largeur: int = 4, hauteur: int = 4) -> bytes:
    app0 = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    return b"\xff\xd8" + app0 + b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", hauteur, largeur) + b"\x03" * 12


def _office(principal: str, plus: dict[str, bytes]) -> bytes:
    flux = io.BytesIO()
    with zipfile.ZipFile(flux, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", b"<Types/>")
        z.writestr(principal, b"<w/>")
        for nom, contenu in plus.items():
            z.writestr(nom, contenu)
    return flux.getvalue()


def odf(mime: str) -> bytes:
    flux = io.BytesIO()
    with zipfile.ZipFile(flux, "w") as z:
        z.writestr("mimetype", f"application/vnd.oasis.opendocument.{mime}")
        z.writestr("content.xml", b"<o/>")
    return flux.getvalue()


BONS = {
    "a.pdf": b"%PDF-1.7\n%%EOF",
    "a.png": png(),
    "a.JPG": jpeg(),
    "a.jpeg": jpeg(),
    "a.docx": _office("word/document.xml", {}),
    "a.xlsx": _office("xl/workbook.xml", {}),
    "a.odt": odf("text"),
    "a.ods": odf("spreadsheet"),
}
BOMBE = _office("xl/workbook.xml", {"xl/feuille.xml": b"0" * (30 << 20)})
PIEGES = {
    "facture.pdf": (b"MZ\x90\x00" + b"\x00" * 60, "porte un nom en .pdf"),
    "virus.exe": (b"MZ\x90\x00" + b"\x00" * 60, "n'est pas un fichier accepté"),
    "page.html": (b"<script>", "n'est pas un fichier accepté"),
    "dessin.svg": (b"<svg onload='x'/>", "n'est pas un fichier accepté"),
    "image.png": (b"%PDF-1.4", "porte un nom en .png"),
    "sans-suffixe": (b"%PDF-1.4", "n'est pas un fichier accepté"),
    "bombe.xlsx": (BOMBE, "démesuré"),
    "macros.docx": (_office("word/document.xml", {"word/vbaProject.bin": b"x"}), "macros"),
    "tronque.xlsx": (_office("xl/workbook.xml", {})[:40], "abîmé"),
    "archive.docx": (_office("autre.txt", {}), "porte un nom en .docx"),
    "immense.png": (png(40_000, 40_000), "pixels"),
    "immense.jpg": (jpeg(40_000, 40_000), "pixels"),
    "vide.jpg": (b"\xff\xd8\xff\xd9", "abîmé"),
}


@pytest.mark.parametrize("nom", BONS)
def test_un_type_accepte_se_reconnait_a_son_contenu(nom: str) -> None:
    assert nom.rpartition(".")[2].lower() in reconnaitre(io.BytesIO(BONS[nom]), nom).suffixes


@pytest.mark.parametrize("nom", PIEGES)
def test_un_piege_est_refuse_en_une_phrase(nom: str) -> None:
    contenu, mot = PIEGES[nom]
    with pytest.raises(FichierInconnu) as faute:
        reconnaitre(io.BytesIO(contenu), nom)
    assert mot in str(faute.value) and nom in str(faute.value)


def test_une_taille_declaree_qui_ment_ne_trompe_pas() -> None:
    brut = bytearray(_office("xl/workbook.xml", {"xl/feuille.xml": b"0" * 5_000}))
    place = brut.rfind(b"xl/feuille.xml") - 46 + 24
    brut[place : place + 4] = struct.pack("<I", 10)
    with pytest.raises(FichierInconnu):
        reconnaitre(io.BytesIO(bytes(brut)), "menteur.xlsx")


@pytest.mark.parametrize(
    ("nom", "propre"),
    [("..\\..\\windows\\a.pdf", "a.pdf"), ("/etc/a.pdf", "a.pdf"), ("a\nb\x00.pdf", "a b.pdf"), ("a.pdf", "a.pdf")],
)
def test_le_nom_perd_son_chemin(nom: str, propre: str) -> None:
    assert nom_propre(nom) == propre


def test_un_nom_trop_long_garde_son_suffixe() -> None:
    assert len(nom_propre("a" * 300 + ".pdf")) == 200 and nom_propre("a" * 300 + ".pdf").endswith(".pdf")


# --- ranger --------------------------------------------------------------------------------------------------------


@pytest.fixture
def jalon(db: None) -> Jalon:
    return JalonFactory()


def _refus(jalon: Jalon, fichier: ContentFile) -> str:
    with pytest.raises(Refus) as refus:
        deposer(jalon, fichier, par=UtilisateurFactory())
    assert not Piece.objects.exists()
    (phrase,) = refus.value.champs["fichier"]
    return phrase


def test_une_piece_est_rangee_sans_son_nom(jalon: Jalon) -> None:
    piece = deposer(jalon, pdf("Procès-verbal.pdf"), par=UtilisateurFactory())
    assert piece.nom == "Procès-verbal.pdf" and piece.type == "application/pdf" and len(piece.empreinte) == 64
    assert "verbal" not in piece.fichier.name and piece.fichier.storage.exists(piece.fichier.name)
    assert list(pieces_de(jalon)) == [piece]


def test_un_nir_dans_le_nom_est_refuse(jalon: Jalon) -> None:
    nir = f"2990175115001{cle_nir('2990175115001'):02d}"
    assert "renommez-le" in _refus(jalon, pdf(f"dossier {nir}.pdf"))


def test_trop_gros_ou_vide(jalon: Jalon) -> None:
    assert "10 Mo" in _refus(jalon, ContentFile(b"%PDF-" + b"0" * (10 << 20), name="a.pdf"))
    assert "vide" in _refus(jalon, ContentFile(b"", name="a.pdf"))


def test_le_meme_fichier_ne_se_joint_pas_deux_fois(jalon: Jalon) -> None:
    deposer(jalon, pdf("un.pdf"), par=UtilisateurFactory())
    with pytest.raises(Refus, match=r"déjà joint, sous le nom « un\.pdf »"):
        deposer(jalon, pdf("deux.pdf"), par=UtilisateurFactory())


def test_le_nombre_de_pieces_est_borne(jalon: Jalon, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "PIECES_MAXIMALES", 1)
    deposer(jalon, pdf("un.pdf"), par=UtilisateurFactory())
    with pytest.raises(Refus, match="maximum"):
        deposer(jalon, pdf("deux.pdf", b"autre"), par=UtilisateurFactory())


def test_un_echec_d_ecriture_ne_laisse_pas_de_fichier(jalon: Jalon, monkeypatch: pytest.MonkeyPatch) -> None:
    ranges: list[Any] = []

    def echouer(self: Piece, *args: Any, **kwargs: Any) -> None:
        ranges.append((self.fichier.storage, self.fichier.name))
        raise RuntimeError("panne")

    monkeypatch.setattr(Piece, "save", echouer)
    with pytest.raises(RuntimeError):
        deposer(jalon, pdf(), par=UtilisateurFactory())
    ((rangement, chemin),) = ranges
    assert not rangement.exists(chemin)


def test_retirer_efface_le_fichier_une_fois_confirme(jalon: Jalon, django_capture_on_commit_callbacks: Any) -> None:
    piece = deposer(jalon, pdf(), par=UtilisateurFactory())
    rangement, chemin = piece.fichier.storage, piece.fichier.name
    with django_capture_on_commit_callbacks(execute=True):
        retirer(piece)
        assert rangement.exists(chemin)
    assert not rangement.exists(chemin) and not Piece.objects.exists()


# --- servir --------------------------------------------------------------------------------------------------------


def test_la_piece_est_a_enregistrer_jamais_a_ouvrir_dans_la_page(jalon: Jalon) -> None:
    cheffe = cheffe_de(jalon.convention.grappe)
    piece = deposer(jalon, pdf("Procès-verbal.pdf"), par=cheffe)
    reponse = connecte(cheffe).get(reverse("programme:piece", args=[piece.pk]))
    assert reponse.status_code == 200 and b"".join(reponse).startswith(b"%PDF-")
    assert reponse["X-Content-Type-Options"] == "nosniff" and reponse["Content-Type"] == "application/pdf"
    assert reponse["Content-Disposition"].startswith("attachment")


def test_sans_regle_de_lecture_personne_ne_lit(jalon: Jalon) -> None:
    cheffe = cheffe_de(jalon.convention.grappe)
    piece = deposer(jalon.convention.grappe, pdf(), par=cheffe)
    assert connecte(cheffe).get(reverse("programme:piece", args=[piece.pk])).status_code == 404


def test_un_fichier_perdu_ou_inconnu_est_une_404(jalon: Jalon) -> None:
    cheffe = cheffe_de(jalon.convention.grappe)
    piece = deposer(jalon, pdf(), par=cheffe)
    piece.fichier.storage.delete(piece.fichier.name)
    client = connecte(cheffe)
    assert client.get(reverse("programme:piece", args=[piece.pk])).status_code == 404
    assert client.get(reverse("programme:piece", args=["00000000-0000-0000-0000-000000000000"])).status_code == 404
