"""Reconnaître un fichier à son contenu, jamais à son nom : PDF, image, document de bureautique. Module sans base.

Une archive est parcourue sans rien ouvrir d'autre : on s'arrête au premier excès (bombe, macro, contenu étranger).
"""

import struct
import zipfile
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO

from programme.socle.inspection import FAUTES_D_ARCHIVE

PLAFOND_DECOMPRESSE = 80 * 1024 * 1024
RAPPORT_MAXIMAL = 100
ENTREES_MAXIMALES = 2_000
PIXELS_MAXIMAUX = 50_000_000
_BLOC = 1 << 16

ATTENDUS = "PDF, PNG, JPEG, DOCX, XLSX, ODT ou ODS"
INCONNU = f"« {{nom}} » n'est pas un fichier accepté : déposez un {ATTENDUS}."
MENTEUR = f"« {{nom}} » porte un nom en .{{suffixe}}, mais son contenu est autre : déposez un vrai {ATTENDUS}."
ABIME = "« {nom} » est abîmé ou protégé : réenregistrez-le sans mot de passe, puis déposez-le à nouveau."
DEMESURE = "« {nom} » serait démesuré une fois ouvert : il n'est pas gardé ; réenregistrez-le, ou déposez-le en PDF."
MACROS = "« {nom} » porte des macros : enregistrez-le sans macros (.docx ou .xlsx), ou en PDF."
IMAGE_DEMESUREE = "« {nom} » a plus de 50 millions de pixels : réduisez l'image, puis déposez-la à nouveau."


class FichierInconnu(Exception):
    """Le fichier n'est pas d'un type accepté, ou ne se laisse pas vérifier ; le message est une phrase à montrer."""


@dataclass(frozen=True, slots=True)
class TypeDeFichier:
    """Un type accepté : type MIME, mot à l'écran, suffixes de nom qui vont avec."""

    mime: str
    mot: str
    suffixes: tuple[str, ...]


_OFFICE = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
PDF = TypeDeFichier("application/pdf", "PDF", ("pdf",))
PNG = TypeDeFichier("image/png", "PNG", ("png",))
JPEG = TypeDeFichier("image/jpeg", "JPEG", ("jpg", "jpeg"))
DOCX = TypeDeFichier(f"{_OFFICE}wordprocessingml.document", "DOCX", ("docx",))
XLSX = TypeDeFichier(f"{_OFFICE}spreadsheetml.sheet", "XLSX", ("xlsx",))
ODT = TypeDeFichier(f"{_ODF}text", "ODT", ("odt",))
ODS = TypeDeFichier(f"{_ODF}spreadsheet", "ODS", ("ods",))
TYPES = (PDF, PNG, JPEG, DOCX, XLSX, ODT, ODS)
SUFFIXES = frozenset(suffixe for t in TYPES for suffixe in t.suffixes)


def reconnaitre(fichier: IO[bytes], nom: str) -> TypeDeFichier:
    """Le type du fichier, d'après son contenu ; lève `FichierInconnu` si le contenu est refusé ou dément le nom."""
    suffixe = PurePath(nom).suffix.lstrip(".").lower()
    fichier.seek(0)
    trouve = _par_contenu(fichier, nom)
    fichier.seek(0)
    if trouve is None or suffixe not in trouve.suffixes:
        raise FichierInconnu((MENTEUR if suffixe in SUFFIXES else INCONNU).format(nom=nom, suffixe=suffixe))
    return trouve


def _par_contenu(fichier: IO[bytes], nom: str) -> TypeDeFichier | None:
    debut = fichier.read(32)
    if debut.startswith(b"%PDF-"):
        return PDF
    if debut.startswith(b"\x89PNG\r\n\x1a\n") and debut[12:16] == b"IHDR":
        _borner(struct.unpack(">II", debut[16:24]), nom)
        return PNG
    if debut.startswith(b"\xff\xd8\xff"):
        _borner(_taille_jpeg(fichier), nom)
        return JPEG
    return _archive(fichier, nom) if debut.startswith(b"PK\x03\x04") else None


def _borner(taille: tuple[int, int] | None, nom: str) -> None:
    if taille is None or 0 in taille:
        raise FichierInconnu(ABIME.format(nom=nom))
    if taille[0] * taille[1] > PIXELS_MAXIMAUX:
        raise FichierInconnu(IMAGE_DEMESUREE.format(nom=nom))


def _taille_jpeg(fichier: IO[bytes]) -> tuple[int, int] | None:
    """Largeur et hauteur, lues dans le premier en-tête d'image ; None si l'on n'en trouve pas."""
    fichier.seek(2)
    while len(marque := fichier.read(4)) == 4 and marque[0] == 0xFF:
        code, longueur = marque[1], int.from_bytes(marque[2:], "big")
        if 0xC0 <= code <= 0xCF and code not in (0xC4, 0xC8, 0xCC):
            entete = fichier.read(5)
            return (int.from_bytes(entete[3:5], "big"), int.from_bytes(entete[1:3], "big"))
        if longueur < 2:
            return None
        fichier.seek(longueur - 2, 1)
    return None


def _archive(fichier: IO[bytes], nom: str) -> TypeDeFichier | None:
    try:
        with zipfile.ZipFile(fichier) as archive:
            entrees = archive.infolist()
            _mesurer(entrees, nom)
            _parcourir(archive, entrees, nom)
            return _bureautique(archive, {e.filename for e in entrees}, nom)
    except FAUTES_D_ARCHIVE as faute:
        raise FichierInconnu(ABIME.format(nom=nom)) from faute


def _mesurer(entrees: list[zipfile.ZipInfo], nom: str) -> None:
    trop_tasse = any(e.file_size > max(RAPPORT_MAXIMAL * e.compress_size, 1 << 20) for e in entrees)
    if len(entrees) > ENTREES_MAXIMALES or trop_tasse or sum(e.file_size for e in entrees) > PLAFOND_DECOMPRESSE:
        raise FichierInconnu(DEMESURE.format(nom=nom))


def _parcourir(archive: zipfile.ZipFile, entrees: list[zipfile.ZipInfo], nom: str) -> None:
    """Lit tout en flux : une taille déclarée qui ment se voit ici, avant qu'un tableur ne l'apprenne."""
    lus = 0
    for entree in entrees:
        with archive.open(entree) as flux:
            while bloc := flux.read(_BLOC):
                lus += len(bloc)
                if lus > PLAFOND_DECOMPRESSE:
                    raise FichierInconnu(DEMESURE.format(nom=nom))


def _bureautique(archive: zipfile.ZipFile, noms: set[str], nom: str) -> TypeDeFichier | None:
    if any(n.lower().endswith("vbaproject.bin") for n in noms):
        raise FichierInconnu(MACROS.format(nom=nom))
    if "[Content_Types].xml" in noms:
        return DOCX if "word/document.xml" in noms else XLSX if "xl/workbook.xml" in noms else None
    if "mimetype" in noms and "content.xml" in noms:
        declare = archive.read("mimetype").decode("ascii", "replace").strip()
        return next((t for t in (ODT, ODS) if t.mime == declare), None)
    return None
