"""Joindre un procès-verbal à une action : ce qui n'en est pas un reçoit une phrase, et ne laisse rien."""

import io
import os
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from programme.enums import Role
from programme.models import Grappe, ReponseChecklist, Utilisateur
from programme.services.checklist.reponses import joindre_piece
from programme.socle.depots import PLAFOND
from programme.socle.models import Piece
from tests.aides import connecte
from tests.fabriques import EsmsFactory, GrappeFactory, ParcoursFactory, affecter, cheffe_de, modele_publie, pdf

pytestmark = pytest.mark.django_db
MO = 1 << 20
EXECUTABLE = b"MZ\x90\x00" + b"\x00" * 60
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"


@pytest.fixture(autouse=True)
def dossiers(settings: Any, tmp_path: Path) -> Path:
    """Les fichiers gardés et ceux en cours de réception, à cet essai seul."""
    settings.MEDIA_ROOT, settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "gardes", tmp_path / "recus"
    for dossier in (settings.MEDIA_ROOT, settings.FILE_UPLOAD_TEMP_DIR):
        dossier.mkdir()
    return tmp_path


def _fichiers(dossier: Path) -> list[str]:
    return [nom for _, _, noms in os.walk(dossier) for nom in noms]


@pytest.fixture
def grappe() -> Grappe:
    modele_publie({"va": "grappe"}, piece_attendue=True)
    return ParcoursFactory().grappe


@pytest.fixture
def client(grappe: Grappe) -> Client:
    return connecte(cheffe_de(grappe))


def url(grappe: Grappe) -> str:
    return reverse("programme:checklist-niveau-repondre", args=[grappe.pk, "grappe", grappe.pk, "va"])


def _joindre(client: Client, grappe: Grappe, contenu: bytes, nom: str) -> str:
    reponse = client.post(url(grappe), {"fichier": SimpleUploadedFile(nom, contenu), "geste": "joindre"})
    assert reponse.status_code == 302
    *_, message = get_messages(reponse.wsgi_request)
    return str(message)


def test_un_proces_verbal_se_joint_et_se_relit(client: Client, grappe: Grappe) -> None:
    assert _joindre(client, grappe, pdf().read(), "PV de VA.pdf") == "« PV de VA.pdf » est joint."
    reponse = client.get(reverse("programme:piece", args=[Piece.objects.get().pk]))
    assert b"".join(reponse).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("contenu", "nom", "phrase"),
    [
        (EXECUTABLE, "pv.pdf", "porte un nom en .pdf, mais son contenu est autre"),
        (EXECUTABLE, "pv.exe", "n'est pas un fichier accepté"),
        (b"<script>alert(1)</script>", "pv.jpg", "porte un nom en .jpg"),
        (JPEG, "photo.jpg", "est abîmé"),
        (b"%PDF-" + b"0" * (PLAFOND - 4), "pv.pdf", "plus de 10 Mo"),
    ],
    ids=["executable", "suffixe", "script", "image", "taille"],
)
def test_ce_qui_n_est_pas_un_proces_verbal_recoit_une_phrase_et_ne_laisse_rien(
    client: Client, grappe: Grappe, dossiers: Path, contenu: bytes, nom: str, phrase: str
) -> None:
    message = _joindre(client, grappe, contenu, nom)
    assert phrase in message and message.count(".") <= 3 and message.endswith(".")
    assert not Piece.objects.exists() and not ReponseChecklist.objects.exists() and not _fichiers(dossiers)


def test_sans_fichier_on_dit_d_en_choisir_un(client: Client, grappe: Grappe) -> None:
    reponse = client.post(url(grappe), {"geste": "joindre"})
    assert [str(m) for m in get_messages(reponse.wsgi_request)] == ["Choisissez un fichier, puis joignez-le."]


def test_le_plafond_est_a_l_octet_pres(client: Client, grappe: Grappe) -> None:
    juste = b"%PDF-" + b"0" * (PLAFOND - 5)
    assert len(juste) == PLAFOND
    assert "est joint" in _joindre(client, grappe, juste, "juste.pdf")
    assert "plus de 10 Mo" in _joindre(client, grappe, juste + b"0", "de-trop.pdf")
    assert Piece.objects.get().taille == PLAFOND


# --- une photo de 40 Mo --------------------------------------------------------------------------------------------


class Flux(io.RawIOBase):
    """Un corps de requête fabriqué à mesure qu'on le lit, pour que seul le serveur puisse le garder en mémoire."""

    def __init__(self, debut: bytes, milieu: int, fin: bytes) -> None:
        self.reste, self.tampon = self._morceaux(debut, milieu, fin), b""

    @staticmethod
    def _morceaux(debut: bytes, milieu: int, fin: bytes) -> Iterator[bytes]:
        yield debut
        for _ in range(milieu):
            yield b"\x00" * MO
        yield fin

    def read(self, taille: int = -1) -> bytes:
        while len(self.tampon) < taille and (morceau := next(self.reste, b"")):
            self.tampon += morceau
        rendu, self.tampon = self.tampon[:taille], self.tampon[taille:]
        return rendu

    def readline(self, taille: int | None = -1) -> bytes:
        # Une photo n'a pas de fin de ligne : un serveur web garderait tout ce qu'on lui laisse lire.
        return self.read(taille or -1)


def _envoyer_une_photo(client: Client, adresse: str, mo: int) -> tuple[Any, int]:
    """La réponse, et le plus de mémoire que l'envoi a demandé."""
    jeton = client.cookies["csrftoken"].value
    ici = b"--limite\r\nContent-Disposition: form-data; name="
    debut = ici + b'"csrfmiddlewaretoken"\r\n\r\n' + jeton.encode() + b"\r\n"
    debut += ici + b'"fichier"; filename="photo.jpg"\r\nContent-Type: image/jpeg\r\n\r\n' + JPEG
    fin = b"\r\n" + ici + b'"geste"\r\n\r\njoindre\r\n--limite--\r\n'
    entete: dict[str, Any] = {
        "PATH_INFO": adresse,
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": "multipart/form-data; boundary=limite",
        "CONTENT_LENGTH": str(len(debut) + mo * MO + len(fin)),
        "wsgi.input": Flux(debut, mo, fin),
    }
    tracemalloc.start()
    try:
        reponse = client.request(**entete)
        return reponse, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_une_photo_de_quarante_megaoctets_s_arrete_en_route(grappe: Grappe, dossiers: Path) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cheffe_de(grappe))
    client.get(reverse("programme:checklist-niveau", args=[grappe.pk, "grappe", grappe.pk]))
    reponse, memoire = _envoyer_une_photo(client, url(grappe), 40)
    assert reponse.status_code == 302
    (message,) = get_messages(reponse.wsgi_request)
    assert str(message).startswith("Le fichier pèse plus de 10 Mo")
    assert memoire < 8 * MO, f"{memoire / MO:.1f} Mo gardés en mémoire"
    assert not Piece.objects.exists() and not ReponseChecklist.objects.exists() and not _fichiers(dossiers)


# --- lire ----------------------------------------------------------------------------------------------------------


def _piece_d_esms(niveau: str) -> tuple[Piece, Utilisateur]:
    """Une pièce jointe à ce niveau dans une grappe, et qui l'a jointe."""
    modele_publie({"va": niveau}, piece_attendue=True)
    parcours = ParcoursFactory()
    cheffe = cheffe_de(parcours.grappe)
    cible = {"grappe": parcours.grappe, "og": parcours.esms.og, "esms": parcours}[niveau]
    par = {"og": affecter(Role.SIEGE, parcours.esms.og), "esms": affecter(Role.DIRECTEUR, parcours.esms)}
    return (
        joindre_piece(
            grappe=parcours.grappe, code="va", niveau=niveau, cible=cible, fichier=pdf(), par=par.get(niveau, cheffe)
        ),
        cheffe,
    )


@pytest.mark.parametrize("niveau", ["grappe", "og", "esms"])
def test_la_piece_d_un_parcours_qu_on_ne_voit_pas_n_existe_pas(niveau: str) -> None:
    piece, cheffe = _piece_d_esms(niveau)
    adresse = reverse("programme:piece", args=[piece.pk])
    assert connecte(cheffe).get(adresse).status_code == 200
    ailleurs = affecter(Role.DIRECTEUR, ParcoursFactory(grappe=GrappeFactory()).esms)
    assert connecte(ailleurs).get(adresse).status_code == 404
    assert connecte(affecter(Role.ARS, EsmsFactory().departement.region)).get(adresse).status_code == 404


@pytest.mark.parametrize("niveau", ["og", "esms"])
def test_un_voisin_de_la_meme_grappe_ne_lit_pas_la_piece_d_un_autre(niveau: str) -> None:
    piece, _ = _piece_d_esms(niveau)
    grappe = ReponseChecklist.objects.get().grappe
    voisin = affecter(Role.DIRECTEUR, ParcoursFactory(grappe=grappe).esms)
    assert connecte(voisin).get(reverse("programme:piece", args=[piece.pk])).status_code == 404
