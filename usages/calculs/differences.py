"""Ce qui a changé d'une version d'un texte à la suivante, bloc à bloc puis mot à mot. Module pur."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from usages.calculs.rapprochements import rapprocher

_MOT = re.compile(r"\s+|[^\W_]+|[^\w\s]|_")
PROCHES = 0.4
"""Au-dessous, deux blocs en face n'ont rien à voir : l'un est ôté, l'autre ajouté."""
TROP_LONG = 4000
"""Signes d'un bloc au-delà desquels on ne compare plus mot à mot : l'ancien et le nouveau se lisent en entier."""


class Sorte(StrEnum):
    """Ce qu'un morceau est devenu."""

    PAREIL = "pareil"
    OTE = "ote"
    AJOUTE = "ajoute"


@dataclass(frozen=True, slots=True)
class Morceau:
    """Des mots d'un seul tenant."""

    sorte: Sorte
    texte: str


@dataclass(frozen=True, slots=True)
class Changement:
    """Un bloc touché ; `morceaux` le redit en entier, ce qui est resté compris."""

    morceaux: tuple[Morceau, ...]


def comparer(avant: Sequence[str], apres: Sequence[str]) -> list[Changement]:
    """Les blocs touchés, dans l'ordre du texte ; ceux qui n'ont pas bougé n'y sont pas."""
    return list(_changements(avant, apres))


def _changements(avant: Sequence[str], apres: Sequence[str]) -> Iterator[Changement]:
    for genre, i1, i2, j1, j2 in rapprocher(avant, apres):
        if genre == "equal":
            continue
        communs = min(i2 - i1, j2 - j1)
        for n in range(communs):
            yield from _en_face(avant[i1 + n], apres[j1 + n])
        yield from (_entier(Sorte.OTE, bloc) for bloc in avant[i1 + communs : i2])
        yield from (_entier(Sorte.AJOUTE, bloc) for bloc in apres[j1 + communs : j2])


def _entier(sorte: Sorte, bloc: str) -> Changement:
    return Changement((Morceau(sorte, bloc),))


def _en_face(avant: str, apres: str) -> Iterator[Changement]:
    vieux, neufs = _MOT.findall(avant), _MOT.findall(apres)
    juge = SequenceMatcher(None, vieux, neufs, autojunk=False)
    if max(len(avant), len(apres)) > TROP_LONG or juge.quick_ratio() < PROCHES or juge.ratio() < PROCHES:
        yield _entier(Sorte.OTE, avant)
        yield _entier(Sorte.AJOUTE, apres)
        return
    morceaux: list[Morceau] = []
    for genre, i1, i2, j1, j2 in juge.get_opcodes():
        if genre == "equal":
            morceaux.append(Morceau(Sorte.PAREIL, "".join(neufs[j1:j2])))
            continue
        if i2 > i1:
            morceaux.append(Morceau(Sorte.OTE, "".join(vieux[i1:i2])))
        if j2 > j1:
            morceaux.append(Morceau(Sorte.AJOUTE, "".join(neufs[j1:j2])))
    yield Changement(tuple(morceaux))
