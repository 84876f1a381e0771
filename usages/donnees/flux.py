"""Un gros fichier de texte, lu une seule fois et jamais en entier : sa forme, puis ses octets au fil de l'eau.

Les octets nuls en sont ôtés et leurs lignes notées ; les fins de ligne comptées : une ligne avalée se verrait.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from programme.socle.finess.refus import FichierRefuse

BLOC = 1 << 20
DEBUT = 1 << 18
SONDES, SONDE = 48, 1 << 15
LIGNES_MONTREES = 4_000
NULS_MAXIMAUX = 10_000
LIGNE_MAXIMALE = 1 << 20
ENTRE_DEUX_MORCEAUX = 256 << 20
"""Octets lus au plus sans qu'un morceau en sorte : au-delà, un guillemet resté ouvert avale le fichier en mémoire."""
UTF16 = (b"\xff\xfe", b"\xfe\xff")
CLASSEURS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")

VIDE = "Le fichier est vide : prenez-en un autre."
TROP_GROS = "Le fichier pèse plus de {} Mo, le maximum ici : demandez-le à l'éditeur mois par mois, ou coupez-le."
CLASSEUR = "C'est un classeur, pas un texte : enregistrez-le en CSV, ou demandez le CSV à l'éditeur."
ILLISIBLE = "Ce fichier ne se lit pas jusqu'au bout, vers la ligne {} : un guillemet y est sans doute resté ouvert."
SANS_FIN_DE_LIGNE = "La ligne {} dépasse un million de signes : réenregistrez-le en CSV, une connexion par ligne."
PAS_DU_TEXTE = "Ce fichier n'est pas un texte lisible (UTF-16 ou binaire) : réenregistrez-le en CSV, encodé en UTF-8."


def exiger_taille(taille: int, plafond: int) -> None:
    """Lève `FichierRefuse` si le fichier est vide, ou plus gros que `plafond` octets."""
    if not taille:
        raise FichierRefuse(VIDE)
    if taille > plafond:
        raise FichierRefuse(TROP_GROS.format(plafond >> 20))


def exiger_texte(fichier: IO[bytes]) -> None:
    """Lève `FichierRefuse` si ce n'est pas du texte : un classeur, de l'UTF-16, du binaire."""
    fichier.seek(0)
    debut = fichier.read(DEBUT)
    fichier.seek(0)
    if not debut:
        raise FichierRefuse(VIDE)
    if debut.startswith(CLASSEURS):
        raise FichierRefuse(CLASSEUR)
    if debut.startswith(UTF16) or debut.count(b"\x00") > len(debut) // 10:
        raise FichierRefuse(PAS_DU_TEXTE)


def echantillon(fichier: IO[bytes]) -> io.BytesIO:
    """Le début du fichier, puis des lignes prises tout du long : de quoi relier ses colonnes et ses mots.

    Lève `FichierRefuse` si ce n'est pas du texte.
    """
    exiger_texte(fichier)
    taille = fichier.seek(0, io.SEEK_END)
    fichier.seek(0)
    lignes = fichier.read(min(DEBUT, taille)).splitlines(keepends=True)[: LIGNES_MONTREES // 2]
    if taille > DEBUT:
        par_sonde = LIGNES_MONTREES // 2 // SONDES
        for rang in range(1, SONDES + 1):
            fichier.seek((taille - SONDE) * rang // SONDES)
            # La première et la dernière de chaque sonde sont coupées.
            lignes += fichier.read(SONDE).splitlines(keepends=True)[1:-1][:par_sonde]
    fichier.seek(0)
    return io.BytesIO(b"".join(ligne for ligne in lignes if b"\x00" not in ligne))


def encodage_de(fichier: IO[bytes]) -> str:
    """UTF-8 si le début et les sondes le sont, sinon cp1252."""
    octets = echantillon(fichier).getvalue()
    try:
        octets.decode("utf-8-sig")
    except UnicodeDecodeError as faute:
        # Une lettre coupée au bout n'y change rien.
        return "utf-8-sig" if faute.start >= len(octets) - 3 else "cp1252"
    return "utf-8-sig"


@dataclass(slots=True)
class Compteur:
    """Ce que le flux a vu passer."""

    octets: int = 0
    fins_de_ligne: int = 0
    finit_par_une_fin: bool = True
    nuls: set[int] | None = None
    """Numéros des lignes où il y avait un octet nul ; None s'il n'y en a pas."""

    @property
    def lignes(self) -> int:
        """Lignes du fichier, la dernière même sans retour."""
        return self.fins_de_ligne + (not self.finit_par_une_fin)


class FluxNettoye(io.RawIOBase):
    """Les octets d'un fichier, les nuls changés en espaces. `continuer` : appelé à chaque bloc, peut lever."""

    def __init__(self, fichier: IO[bytes], continuer: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self._fichier, self._continuer = fichier, continuer
        self.vu = Compteur()
        self._ligne = self._depuis = 0

    def repartir(self) -> None:
        """Un morceau est sorti : ce qui a été lu jusqu'ici n'est plus en attente."""
        self._depuis = self.vu.octets

    def readable(self) -> bool:
        """Oui."""
        return True

    def readinto(self, tampon: Any) -> int:
        """Remplit le tampon. Lève `FichierRefuse` : plein d'octets nuls, ligne sans fin, guillemet resté ouvert."""
        self._continuer()
        bloc = self._fichier.read(len(tampon))
        if not bloc:
            return 0
        if b"\x00" in bloc:
            self._noter_les_nuls(bloc)
            bloc = bloc.replace(b"\x00", b" ")
        self.vu.octets += len(bloc)
        self._borner(bloc)
        self.vu.fins_de_ligne += bloc.count(b"\n")
        self.vu.finit_par_une_fin = bloc.endswith(b"\n")
        tampon[: len(bloc)] = bloc
        return len(bloc)

    def _borner(self, bloc: bytes) -> None:
        """Ce que pandas garderait en mémoire le temps d'une ligne : une seule, forgée, l'emplirait toute."""
        fin = max(bloc.rfind(b"\n"), bloc.rfind(b"\r"))
        self._ligne = self._ligne + len(bloc) if fin < 0 else len(bloc) - fin - 1
        if self._ligne > LIGNE_MAXIMALE:
            raise FichierRefuse(SANS_FIN_DE_LIGNE.format(self.vu.fins_de_ligne + 1))
        if self.vu.octets - self._depuis > ENTRE_DEUX_MORCEAUX:
            raise FichierRefuse(ILLISIBLE.format(self.vu.fins_de_ligne))

    def _noter_les_nuls(self, bloc: bytes) -> None:
        nuls = self.vu.nuls = self.vu.nuls or set()
        ligne = self.vu.fins_de_ligne + 1
        for texte in bloc.split(b"\n"):
            if b"\x00" in texte:
                nuls.add(ligne)
            ligne += 1
        if len(nuls) > NULS_MAXIMAUX:
            raise FichierRefuse(PAS_DU_TEXTE)


def lignes_avant(fichier: IO[bytes]) -> int:
    """1 si le fichier commence par l'indication « sep= » d'Excel, qu'aucune lecture ne compte ; sinon 0."""
    fichier.seek(0)
    premiere = fichier.readline(16).removeprefix(b"\xef\xbb\xbf").strip()
    fichier.seek(0)
    return int(premiere.lower().startswith(b"sep=") and len(premiere) == 5)
