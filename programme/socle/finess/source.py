"""Un fichier FINESS venu du dehors : reconnu par son contenu, plafonné, lu en flux.

`ouvrir()` ne lit que le début ; `Source.lignes()` lit le reste, autant de fois qu'on veut. Toute impossibilité
de lire devient FichierRefuse, une phrase pour l'écran.
"""

import gzip
import hashlib
import io
import os
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import PurePath
from typing import IO, Any

import ijson

from programme.socle.finess.etalab import BOM, lire_coordonnees, lire_etalab
from programme.socle.finess.garde import FluxGarde, Garde
from programme.socle.finess.lignes import Ligne, LigneESMS, LigneOG, Rejet
from programme.socle.finess.refus import FichierRefuse, apres
from programme.socle.finess.structures import CLES_DE_TETE, TAILLE_DE_LECTURE, lire_structures
from programme.socle.finess.t_finess import colonnes_de, exiger_colonnes, lire_millesime, lire_t_finess

ETALAB, FINESS_PLUS, T_FINESS = "etalab", "finess+", "t-finess"

MEGA = 1_000_000
PLAFOND = 500 * MEGA
# Les structures de tout le pays font près d'un gigaoctet une fois décompressées.
PLAFOND_DECOMPRESSE = 2_000 * MEGA
TETE = 1 << 16
LIGNE_MAXIMALE = 1 << 16

_GZIP = b"\x1f\x8b"
_AUTRES_FICHIERS = (
    (b"PK\x03\x04", "une archive zip"),
    (b"\xd0\xcf\x11\xe0", "un ancien classeur ou document bureautique"),
    (b"\x89PNG", "une image"),
    (b"\xff\xd8\xff", "une image"),
    (b"GIF8", "une image"),
    (b"RIFF", "une image ou un son"),
    (b"%PDF", "un PDF"),
    (b"BZh", "une archive bzip2"),
    (b"\xfd7zXZ", "une archive xz"),
    (b"7z\xbc\xaf", "une archive 7z"),
    (b"\x28\xb5\x2f\xfd", "une archive zstd"),
)
_ATTENDU = "choisissez FINESS+ (.json ou .json.gz), l'extrait etalab cs1100502 ou t-finess (.csv ou .csv.gz)"


class Source:
    """Un fichier reconnu : `nom`, `format`, `compresse`, `millesime` (date du fichier ou None), `taille`."""

    def __init__(self, fichier: Any, plafond: int, plafond_decompresse: int) -> None:
        self._fichier = fichier
        self._plafond_decompresse = plafond_decompresse
        self.nom = _nom(fichier)
        self.taille = self._mesurer()
        self._refuser_taille(plafond)
        tete = self._lire_tete()
        self.compresse = tete.startswith(_GZIP)
        if self.compresse:
            tete = self._decompresser_tete()
        self.format, self.millesime = _reconnaitre(tete)

    def __repr__(self) -> str:
        return f"<Source {self.nom or '?'} {self.format} {self.millesime}>"

    def lignes(self) -> Iterator[Ligne]:
        """OG, ESMS et rejets dans l'ordre du fichier ; un numéro déjà vu devient un Rejet.

        Mémoire constante, hors l'ensemble des numéros vus. Lève FichierRefuse en cours de route.
        """
        nb_lus = 0
        try:
            for ligne in _sans_doublon(self._lignes_brutes()):
                nb_lus += isinstance(ligne, LigneESMS)
                yield ligne
        except EOFError as erreur:
            raise FichierRefuse(_gzip_coupe(nb_lus)) from erreur
        except (gzip.BadGzipFile, zlib.error) as erreur:
            raise FichierRefuse(_gzip_abime(nb_lus)) from erreur

    def empreinte(self) -> str:
        """SHA-256 du fichier tel que reçu, en hexadécimal, calculée en flux."""
        somme = hashlib.sha256()
        with self._ouvert() as flux:
            while bloc := flux.read(1 << 20):
                somme.update(bloc)
        return somme.hexdigest()

    def _lignes_brutes(self) -> Iterator[Ligne]:
        if self.format == FINESS_PLUS:
            with self._contenu() as flux:
                yield from lire_structures(FluxGarde(_sans_bom(flux)))
            return
        if self.format == T_FINESS:
            with self._contenu() as flux:
                yield from lire_t_finess(_lignes_d_octets(flux))
            return
        with self._contenu() as flux:
            coordonnees = lire_coordonnees(_lignes_d_octets(flux))
        with self._contenu() as flux:
            yield from lire_etalab(_lignes_d_octets(flux), coordonnees)

    @contextmanager
    def _ouvert(self) -> Iterator[IO[bytes]]:
        """Le fichier tel que reçu, au début. Un fichier prêté n'est pas refermé."""
        if isinstance(self._fichier, str | os.PathLike):
            with open(self._fichier, "rb") as flux:
                yield flux
        else:
            self._fichier.seek(0)
            yield self._fichier

    @contextmanager
    def _contenu(self) -> Iterator[io.BufferedReader]:
        """Le contenu décompressé, plafonné."""
        with self._ouvert() as flux:
            # Le mode est dit : GzipFile suivrait celui d'un fichier temporaire d'envoi, ouvert en écriture.
            clair: Any = gzip.GzipFile(fileobj=flux, mode="rb") if self.compresse else flux
            yield io.BufferedReader(_FluxPlafonne(clair, self._plafond_decompresse), TAILLE_DE_LECTURE)

    def _mesurer(self) -> int:
        try:
            with self._ouvert() as flux:
                return flux.seek(0, io.SEEK_END)
        except OSError as erreur:
            raise FichierRefuse(
                f"Le fichier « {self.nom} » ne s'ouvre pas : vérifiez qu'il existe et qu'il est lisible."
            ) from erreur

    def _refuser_taille(self, plafond: int) -> None:
        if not self.taille:
            raise FichierRefuse(f"Le fichier est vide : téléchargez-le de nouveau, ou {_ATTENDU}.")
        if self.taille > plafond:
            raise FichierRefuse(
                f"Le fichier pèse {_mega(self.taille)} Mo, le maximum est {_mega(plafond)} Mo : "
                "déposez sa version compressée (.gz) ou un extrait."
            )

    def _lire_tete(self) -> bytes:
        with self._ouvert() as flux:
            return flux.read(TETE)

    def _decompresser_tete(self) -> bytes:
        try:
            with self._contenu() as flux:
                return flux.read(TETE)
        except EOFError as erreur:
            raise FichierRefuse(_gzip_coupe(0)) from erreur
        except (gzip.BadGzipFile, zlib.error) as erreur:
            raise FichierRefuse(_gzip_abime(0)) from erreur


def ouvrir(
    chemin_ou_fichier: str | os.PathLike[str] | IO[bytes],
    *,
    plafond: int = PLAFOND,
    plafond_decompresse: int = PLAFOND_DECOMPRESSE,
) -> Source:
    """Reconnaît un fichier FINESS par son contenu, jamais par son nom.

    Accepte un chemin ou un fichier binaire repositionnable (un envoi de formulaire), qui doit rester ouvert
    tant qu'on lit. Les plafonds sont en octets. Lève FichierRefuse.
    """
    return Source(chemin_ou_fichier, plafond, plafond_decompresse)


class _FluxPlafonne(io.RawIOBase):
    """Un flux qui refuse de rendre plus que le plafond : une archive piégée s'arrête là."""

    def __init__(self, flux: IO[bytes], plafond: int) -> None:
        self._flux = flux
        self._plafond = plafond
        self._rendus = 0

    def readable(self) -> bool:
        return True

    def readinto(self, tampon: Any) -> int:
        octets = self._flux.read(len(tampon))
        self._rendus += len(octets)
        if self._rendus > self._plafond:
            raise FichierRefuse(
                f"Le contenu dépasse {_mega(self._plafond)} Mo une fois décompressé : "
                "ce n'est sans doute pas un fichier FINESS ; vérifiez-le ou déposez un extrait."
            )
        tampon[: len(octets)] = octets
        return len(octets)


def _nom(fichier: Any) -> str:
    nom = fichier if isinstance(fichier, str | os.PathLike) else getattr(fichier, "name", "")
    return PurePath(nom).name if isinstance(nom, str | os.PathLike) else ""


def _mega(octets: int) -> str:
    return f"{octets / MEGA:.1f}".removesuffix(".0").replace(".", ",")


def _gzip_coupe(nb_lus: int) -> str:
    return f"L'archive gzip est coupée : elle s'arrête {apres(nb_lus)} ; téléchargez-la de nouveau en entier."


def _gzip_abime(nb_lus: int) -> str:
    return f"L'archive gzip est abîmée {apres(nb_lus)} ; téléchargez-la de nouveau."


def _sans_bom(flux: io.BufferedReader) -> io.BufferedReader:
    if flux.peek(3)[:3] == BOM:
        flux.read(3)
    return flux


def _lignes_d_octets(flux: io.BufferedReader) -> Iterator[bytes]:
    rang = 0
    while octets := flux.readline(LIGNE_MAXIMALE):
        rang += 1
        if len(octets) == LIGNE_MAXIMALE and not octets.endswith(b"\n"):
            raise FichierRefuse(
                f"La ligne {rang} est démesurée : ce n'est pas un fichier FINESS, ou ses retours à la ligne sont "
                "perdus ; téléchargez-le de nouveau."
            )
        yield octets


def _sans_doublon(lignes: Iterable[Ligne]) -> Iterator[Ligne]:
    """Écarte un numéro déjà lu : la première ligne est gardée, les suivantes le disent."""
    ogs: dict[str, int] = {}
    esms: dict[str, int] = {}
    for ligne in lignes:
        if not isinstance(ligne, Rejet):
            vus = ogs if isinstance(ligne, LigneOG) else esms
            premiere = vus.setdefault(ligne.finess, ligne.ligne)
            if premiere != ligne.ligne:
                raison = f"Numéro déjà lu à la ligne {premiere} : la première est gardée, celle-ci est ignorée."
                ligne = Rejet(ligne.ligne, ligne.finess, "finess", raison)
        yield ligne


def _reconnaitre(tete: bytes) -> tuple[str, date | None]:
    """Format et date du fichier d'après ses premiers octets (décompressés)."""
    _refuser_binaire(tete)
    debut = tete.removeprefix(BOM).lstrip()
    if not debut:
        raise FichierRefuse(f"Le fichier ne contient que du blanc : {_ATTENDU}.")
    if debut[:1] in (b"{", b"["):
        return FINESS_PLUS, _millesime_json(debut)
    premiere = debut.split(b"\n", 1)[0].decode("cp1252", "replace").replace('"', "").strip()
    if premiere.startswith(("finess;etalab", "structureet;")):
        champs = premiere.split(";")
        return ETALAB, _date(champs[3]) if premiere.startswith("finess") and len(champs) > 3 else None
    if noms := colonnes_de(premiere)[0]:
        exiger_colonnes(noms)
        return T_FINESS, lire_millesime(debut.decode("utf-8", "replace"))
    raise FichierRefuse(_texte_refuse(premiere))


def _refuser_binaire(tete: bytes) -> None:
    if tete.startswith(_GZIP):
        raise FichierRefuse("L'archive gzip en contient une autre : décompressez-la une fois et recommencez.")
    if tete.startswith(b"PK\x03\x04") and (b"[Content_Types].xml" in tete or b"xl/" in tete):
        raise FichierRefuse(f"Le fichier est un classeur Excel ou un document bureautique : {_ATTENDU}.")
    for signature, nature in _AUTRES_FICHIERS:
        if tete.startswith(signature):
            raise FichierRefuse(f"Le fichier est {nature} : {_ATTENDU}.")
    if tete.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in tete:
        raise FichierRefuse(
            "L'encodage du fichier est illisible dès le début : réenregistrez-le en UTF-8 ou téléchargez-le encore."
        )


def _texte_refuse(premiere: str) -> str:
    if premiere.startswith("<"):
        return f"Le fichier est une page web ou du XML, peut-être un téléchargement manqué : {_ATTENDU}."
    if re.match(r"(?:finess|structureet)\t", premiere):
        return "Les champs de la ligne 1 sont séparés par des tabulations : réenregistrez l'extrait avec des « ; »."
    if re.match(r"(?:finess|structureet),", premiere):
        return "Les champs de la ligne 1 sont séparés par des virgules : réenregistrez l'extrait avec des « ; »."
    if premiere.startswith("finess;"):
        return f"La ligne 1 annonce un autre extrait FINESS (« {premiere[:40]} ») : {_ATTENDU}."
    if re.search(r"\bej_finess\b", premiere):
        return "Les colonnes de t-finess sont séparées par autre chose que des virgules : téléchargez-le de nouveau."
    return f"La ligne 1 n'annonce aucun fichier FINESS (ni « finess;etalab », ni JSON, ni t-finess) : {_ATTENDU}."


def _millesime_json(debut: bytes) -> date | None:
    """Date de génération, si elle est en tête. Refuse un JSON dont aucune clé n'est de FINESS+."""
    connues, millesime = False, None
    Garde().passer(debut)
    try:
        for chemin, evenement, valeur in ijson.parse(io.BytesIO(debut), use_float=True):
            connues = connues or (chemin == "" and evenement == "map_key" and valeur in CLES_DE_TETE)
            if chemin == "generatedAt":
                millesime = _date(str(valeur))
                break
    except (ijson.JSONError, UnicodeDecodeError):
        # La tête est coupée à une taille fixe : la suite se lira, et se plaindra, dans lignes().
        pass
    if not connues:
        raise FichierRefuse(
            "Ce JSON n'est pas FINESS+ : on n'y trouve ni « generatedAt » ni « pmej » en tête ; " + _ATTENDU + "."
        )
    return millesime


def _date(texte: str) -> date | None:
    try:
        return date.fromisoformat(texte.strip()[:10])
    except ValueError:
        return None
