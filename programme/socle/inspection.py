"""Un classeur XLSX inspecté avant d'être ouvert : taille, entités XML, nombre de cases et de textes, NIR.

Chaque partie de l'archive est parcourue en flux, et l'on s'arrête au premier excès : ce qui passe s'ouvre vite.
"""

import lzma
import zipfile
import zlib
from collections import Counter
from typing import IO, Any
from xml.parsers import expat

from programme.socle.finess.refus import FichierRefuse
from programme.socle.texte import porte_nir

PLAFOND_DECOMPRESSE = 10 * 1024 * 1024
RAPPORT_MAXIMAL = 50
CHAINES_MAXIMALES = 50_000
CELLULES_MAXIMALES = 100_000
CELLULES_PAR_RANGEE = 1_000
RANGEES_MAXIMALES = 20_000
AUTRES_MAXIMAUX = 50_000
_BLOC = 1 << 16

ATTENDU = "déposez un classeur .xlsx, ou un .csv séparé par des points-virgules"
ILLISIBLE = f"Ce classeur est abîmé ou n'en est pas un : réenregistrez-le, ou {ATTENDU}."
TROP_GROS = "Une fois ouvert, ce classeur dépasserait {} Mo : il n'est pas lu ; gardez la seule feuille utile."
TROP_TASSE = (
    "Une fois ouvert, ce classeur serait plus de {} fois plus gros : il n'est pas lu ; réenregistrez-le depuis votre "
    "tableur."
)
TROP_DE = "Ce classeur porte plus de {} {} : il n'est pas lu ; gardez la seule feuille utile."
FAUTES_D_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)

# Balise → combien au plus dans tout le classeur, et comment le dire.
_PLAFONDS = {
    "si": (CHAINES_MAXIMALES, "textes"),
    "c": (CELLULES_MAXIMALES, "cases"),
    "v": (CELLULES_MAXIMALES, "cases"),
    "is": (CELLULES_MAXIMALES, "cases"),
    "t": (CELLULES_MAXIMALES + CHAINES_MAXIMALES, "textes"),
    "row": (RANGEES_MAXIMALES, "lignes"),
}
_AUTRES = (AUTRES_MAXIMAUX, "éléments de mise en forme")
# Un texte enrichi se découpe en plusieurs morceaux : il se lit d'un tenant.
_MORCEAUX = {"t", "r", "is", "text"}


class _Inspecteur:
    """Compte les balises de toutes les parties du classeur et écoute leurs textes."""

    def __init__(self, ampleur: int = 1) -> None:
        self._ampleur = ampleur
        self._nombres: Counter[str] = Counter()
        self._dans_la_rangee = 0
        self._textes: list[str] = []
        self.nir = False

    def lire(self, flux: IO[bytes]) -> None:
        """Parcourt une partie. Lève `FichierRefuse`, ou `ExpatError` si ce n'est pas du XML."""
        analyseur = expat.ParserCreate(namespace_separator=" ")
        analyseur.buffer_text = True
        analyseur.StartDoctypeDeclHandler = self._refuser_doctype
        analyseur.StartElementHandler = self._ouvrir
        analyseur.EndElementHandler = self._fermer
        analyseur.CharacterDataHandler = self._textes.append
        while bloc := flux.read(_BLOC):
            analyseur.Parse(bloc, False)
        analyseur.Parse(b"", True)

    def _refuser_doctype(self, *_: Any) -> None:
        raise FichierRefuse(ILLISIBLE)

    def _ouvrir(self, nom: str, _: dict[str, str]) -> None:
        balise = nom.rpartition(" ")[2]
        if balise == "row":
            self._dans_la_rangee = 0
        elif balise == "c":
            self._dans_la_rangee += 1
            if self._dans_la_rangee > CELLULES_PAR_RANGEE:
                raise FichierRefuse(TROP_DE.format(CELLULES_PAR_RANGEE, "cases sur une ligne"))
        plafond, quoi = _PLAFONDS.get(balise, _AUTRES)
        plafond *= self._ampleur
        cle = balise if balise in _PLAFONDS else ""
        self._nombres[cle] += 1
        if self._nombres[cle] > plafond:
            raise FichierRefuse(TROP_DE.format(plafond, quoi))
        if balise not in _MORCEAUX:
            self._textes.clear()

    def _fermer(self, nom: str) -> None:
        balise = nom.rpartition(" ")[2]
        if balise in _MORCEAUX:
            return
        texte = "".join(self._textes)
        self._textes.clear()
        # Une valeur à virgule ressemble trop souvent à un NIR ; un entier, non.
        if balise != "v" or texte.isdigit():
            self.nir = self.nir or porte_nir(texte)


def inspecter(fichier: IO[bytes], ampleur: int = 1) -> bool:
    """Refuse un classeur piégé ou démesuré (`FichierRefuse`) ; rend vrai si un texte porte un NIR, où que ce soit.

    `ampleur` : combien de fois les bornes ordinaires, pour un genre d'import qui attend de longs tableaux.
    """
    inspecteur = _Inspecteur(ampleur)
    try:
        with zipfile.ZipFile(fichier) as archive:
            _mesurer(archive.infolist(), ampleur)
            for entree in archive.infolist():
                with archive.open(entree) as flux:
                    _lire_partie(inspecteur, entree.filename.lower(), flux)
    except FAUTES_D_ARCHIVE as faute:
        raise FichierRefuse(ILLISIBLE) from faute
    fichier.seek(0)
    return inspecteur.nir


def _mesurer(entrees: list[zipfile.ZipInfo], ampleur: int) -> None:
    if sum(e.file_size for e in entrees) > ampleur * PLAFOND_DECOMPRESSE:
        raise FichierRefuse(TROP_GROS.format(ampleur * PLAFOND_DECOMPRESSE >> 20))
    if any(e.file_size > max(RAPPORT_MAXIMAL * e.compress_size, 1 << 20) for e in entrees):
        raise FichierRefuse(TROP_TASSE.format(RAPPORT_MAXIMAL))


def _lire_partie(inspecteur: _Inspecteur, nom: str, flux: IO[bytes]) -> None:
    """Toutes les parties se lisent comme du XML, quel que soit leur nom ; une image a le droit de n'en être pas."""
    try:
        inspecteur.lire(flux)
    except expat.ExpatError as faute:
        if nom.endswith((".xml", ".rels")):
            raise FichierRefuse(ILLISIBLE) from faute
