"""Deux auteurs partis de la même version : ce qui se réunit tout seul, et ce qui demande un choix. Module pur.

On compare bloc à bloc (`prose.lire` en donne ; tout ce qui se compare convient). Chacun garde ce qu'il a touché là où
l'autre n'a rien changé. Le même bloc changé par les deux, ou deux ajouts au même endroit, font un conflit, qui montre
les deux textes en regard. Rien ne se perd : chaque bloc de l'un et de l'autre est pris, montré comme remplacé, ou
en conflit.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile
from typing import Generic, TypeVar

from usages.calculs.rapprochements import rapprocher

T = TypeVar("T", bound=Hashable)


class Cote(StrEnum):
    """De qui vient ce qui est pris, ou ce qu'on choisit dans un conflit (`LES_DEUX` : le mien, puis le sien)."""

    BASE = "base"
    MIEN = "mien"
    SIEN = "sien"
    LES_DEUX = "les_deux"


@dataclass(frozen=True, slots=True)
class Pris(Generic[T]):
    """Des blocs pris sans rien demander. `avant` : ceux qu'ils remplacent ; sans `blocs`, une suppression."""

    avant: tuple[T, ...]
    blocs: tuple[T, ...]
    par: Cote


@dataclass(frozen=True, slots=True)
class Conflit(Generic[T]):
    """Ce que les deux ont changé au même endroit."""

    base: tuple[T, ...]
    mien: tuple[T, ...]
    sien: tuple[T, ...]

    def en_regard(self) -> list[tuple[T | None, T | None]]:
        """Les deux textes bloc à bloc : (le mien, le sien), les pareils en face, None en face d'un ajout."""
        lignes: list[tuple[T | None, T | None]] = []
        for _, i1, i2, j1, j2 in rapprocher(self.mien, self.sien):
            for n in range(max(i2 - i1, j2 - j1)):
                lignes.append((self.mien[i1 + n] if i1 + n < i2 else None, self.sien[j1 + n] if j1 + n < j2 else None))
        return lignes

    def selon(self, choix: Cote) -> tuple[T, ...]:
        """Les blocs qu'un choix garde ; avec les deux, un bloc écrit pareil par l'un et l'autre ne se double pas."""
        if choix == Cote.LES_DEUX:
            return self.mien + tuple(bloc for bloc in self.sien if bloc not in self.mien)
        return {Cote.BASE: self.base, Cote.MIEN: self.mien, Cote.SIEN: self.sien}[choix]


Morceau = Pris[T] | Conflit[T]


@dataclass(frozen=True, slots=True)
class Croisement(Generic[T]):
    """Les deux écritures réunies, morceau par morceau, dans l'ordre du texte."""

    morceaux: tuple[Morceau[T], ...]

    @property
    def conflits(self) -> list[Conflit[T]]:
        """Ce qui demande un choix."""
        return [morceau for morceau in self.morceaux if isinstance(morceau, Conflit)]

    def reunis(self, choix: Sequence[Cote] = ()) -> tuple[T, ...]:
        """Le texte réuni ; un choix par conflit, dans leur ordre. Lève `ValueError` s'il n'y en a pas autant."""
        if len(choix) != len(self.conflits):
            raise ValueError(f"{len(self.conflits)} choix attendus, {len(choix)} donnés : un par conflit.")
        a_suivre = iter(choix)
        return tuple(
            bloc
            for morceau in self.morceaux
            for bloc in (morceau.blocs if isinstance(morceau, Pris) else morceau.selon(next(a_suivre)))
        )


@dataclass(frozen=True, slots=True)
class _Retouche(Generic[T]):
    """Les blocs de la base de `debut` à `fin` deviennent `blocs` ; `debut` égal à `fin` : un ajout."""

    debut: int
    fin: int
    blocs: tuple[T, ...]
    par: Cote


def croiser(base: Sequence[T], mien: Sequence[T], sien: Sequence[T]) -> Croisement[T]:
    """Réunit deux écritures parties de `base`."""
    morceaux: list[Morceau[T]] = []
    rang = 0
    for lot in _lots(_retouches(base, mien, Cote.MIEN) + _retouches(base, sien, Cote.SIEN)):
        debut, fin = lot[0].debut, max(r.fin for r in lot)
        if rang < debut:
            morceaux.append(Pris(tuple(base[rang:debut]), tuple(base[rang:debut]), Cote.BASE))
        morceaux.extend(_morceaux(tuple(base[debut:fin]), debut, lot))
        rang = fin
    if rang < len(base):
        morceaux.append(Pris(tuple(base[rang:]), tuple(base[rang:]), Cote.BASE))
    return Croisement(tuple(morceaux))


def _retouches(base: Sequence[T], texte: Sequence[T], par: Cote) -> list[_Retouche[T]]:
    """Ce qu'un auteur a changé ; autant de blocs changés que de blocs écrits, et c'est un pour un."""
    retouches = []
    for nature, i1, i2, j1, j2 in rapprocher(base, texte):
        if nature == "equal":
            continue
        if i2 - i1 == j2 - j1 or nature == "delete":
            retouches += [_Retouche(i, i + 1, tuple(texte[j1 + i - i1 : j2][:1]), par) for i in range(i1, i2)]
        else:
            retouches.append(_Retouche(i1, i2, tuple(texte[j1:j2]), par))
    return retouches


def _lots(retouches: list[_Retouche[T]]) -> list[list[_Retouche[T]]]:
    """Les retouches au même endroit, ensemble, dans l'ordre de la base."""
    lots: list[list[_Retouche[T]]] = []
    for retouche in sorted(retouches, key=lambda r: (r.debut, r.fin)):
        if lots and _au_meme_endroit(lots[-1], retouche):
            lots[-1].append(retouche)
        else:
            lots.append([retouche])
    return lots


def _au_meme_endroit(lot: list[_Retouche[T]], suivante: _Retouche[T]) -> bool:
    """Vrai si elle commence avant que le lot ne finisse, ou à sa fin quand l'un des deux y ajoute des blocs."""
    fin = max(r.fin for r in lot)
    return suivante.debut < fin or (suivante.debut == fin and _deborde(suivante) and any(map(_deborde, lot)))


def _deborde(retouche: _Retouche[T]) -> bool:
    """Vrai si elle n'écrit pas autant de blocs qu'elle en change : où les siens s'arrêtent, on ne le sait pas."""
    return retouche.fin - retouche.debut < len(retouche.blocs)


def _morceaux(base: tuple[T, ...], decalage: int, lot: list[_Retouche[T]]) -> list[Morceau[T]]:
    mien, sien = (_appliquer(base, decalage, [r for r in lot if r.par == par]) for par in (Cote.MIEN, Cote.SIEN))
    if mien == sien:
        return [Pris(base, mien, Cote.LES_DEUX)]
    if mien == base:
        return [Pris(base, sien, Cote.SIEN)]
    if sien == base:
        return [Pris(base, mien, Cote.MIEN)]
    # Le même ajout de part et d'autre, et un seul qui change la suite : il n'y a rien à choisir.
    ajout = sum(1 for _ in takewhile(lambda deux: deux[0] == deux[1], zip(mien, sien, strict=False)))
    if ajout and mien[ajout:] == base:
        return [Pris((), mien[:ajout], Cote.LES_DEUX), Pris(base, sien[ajout:], Cote.SIEN)]
    if ajout and sien[ajout:] == base:
        return [Pris((), mien[:ajout], Cote.LES_DEUX), Pris(base, mien[ajout:], Cote.MIEN)]
    return [Conflit(base, mien, sien)]


def _appliquer(base: tuple[T, ...], decalage: int, retouches: list[_Retouche[T]]) -> tuple[T, ...]:
    texte: tuple[T, ...] = ()
    rang = 0
    for retouche in retouches:
        texte += base[rang : retouche.debut - decalage] + retouche.blocs
        rang = retouche.fin - decalage
    return texte + base[rang:]
