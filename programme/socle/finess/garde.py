"""Ce qu'un JSON venu du dehors n'a pas le droit d'être, vérifié avant que le lecteur JSON ne le voie.

Un nombre de milliers de chiffres arrête le processus, des milliers de crochets ouverts mangent la mémoire. On regarde
les octets par blocs, hors des chaînes, sans rien analyser : moins d'un dixième du temps de lecture.
"""

import re
from itertools import accumulate
from typing import IO

from programme.socle.finess.refus import FichierRefuse

CHIFFRES_D_AFFILEE = 64
NIVEAUX = 64
CHAINE_MAXIMALE = 1 << 20

NOMBRE_DEMESURE = (
    f"Ce JSON porte un nombre de plus de {CHIFFRES_D_AFFILEE} chiffres : ce n'est pas un fichier FINESS+ ; "
    "téléchargez-le de nouveau."
)
TROP_PROFOND = (
    f"Ce JSON emboîte plus de {NIVEAUX} niveaux : ce n'est pas un fichier FINESS+ ; téléchargez-le de nouveau."
)
TEXTE_DEMESURE = (
    "Ce JSON porte un texte démesuré, ou des guillemets jamais refermés : ce n'est pas un fichier FINESS+ ; "
    "téléchargez-le de nouveau."
)

_ECHAPPEMENT = re.compile(rb"\\.", re.DOTALL)
_ZEROS = bytes.maketrans(b"123456789", b"000000000")
_TROP_DE_ZEROS = b"0" * (CHIFFRES_D_AFFILEE + 1)
_SAUF_CROCHETS = bytes(c for c in range(256) if c not in b"[]{}")
_PAS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}


class Garde:
    """Suit un JSON bloc après bloc ; `passer()` lève `FichierRefuse` avant que le bloc fautif ne soit lu."""

    def __init__(self) -> None:
        self._en_chaine = self._echappe = False
        self._longueur = self._niveau = 0
        self._chiffres = b""

    def passer(self, bloc: bytes) -> bytes:
        """Rend le bloc tel quel."""
        dehors = self._hors_des_chaines(bloc)
        self._compter_chiffres(dehors)
        crochets = dehors.translate(None, _SAUF_CROCHETS)
        if crochets:
            niveaux = list(accumulate(map(_PAS.__getitem__, crochets), initial=self._niveau))
            if max(niveaux) > NIVEAUX:
                raise FichierRefuse(TROP_PROFOND)
            self._niveau = niveaux[-1]
        return bloc

    def _hors_des_chaines(self, bloc: bytes) -> bytes:
        if self._echappe and bloc:
            bloc, self._echappe = bloc[1:], False
        if b"\\" in bloc:
            bloc = _ECHAPPEMENT.sub(b"", bloc)
            self._echappe = bloc.endswith(b"\\")
        morceaux = bloc.split(b'"')
        self._mesurer_chaine(len(bloc) if len(morceaux) == 1 else None, len(morceaux[-1]))
        dehors = b'"'.join(morceaux[self._en_chaine :: 2])
        self._en_chaine ^= len(morceaux) % 2 == 0
        return dehors

    def _mesurer_chaine(self, sans_guillemet: int | None, fin: int) -> None:
        """Une chaîne coupée par les blocs ne s'allonge pas sans fin : le lecteur JSON la garderait entière."""
        self._longueur = fin if sans_guillemet is None else self._longueur + sans_guillemet
        if self._en_chaine and sans_guillemet is not None and self._longueur > CHAINE_MAXIMALE:
            raise FichierRefuse(TEXTE_DEMESURE)

    def _compter_chiffres(self, dehors: bytes) -> None:
        zeros = (self._chiffres + dehors).translate(_ZEROS)
        if _TROP_DE_ZEROS in zeros:
            raise FichierRefuse(NOMBRE_DEMESURE)
        self._chiffres = b"" if self._en_chaine else zeros[len(zeros.rstrip(b"0")) :]


class FluxGarde:
    """Un flux JSON lu à travers une garde."""

    def __init__(self, flux: IO[bytes]) -> None:
        self._flux = flux
        self._garde = Garde()

    def read(self, taille: int = -1) -> bytes:
        """Le bloc suivant, s'il est permis."""
        return self._garde.passer(self._flux.read(taille))
