"""Les verbatims qu'une prose cite par leur clé, et ceux qu'elle redit sans en avoir le droit. Module pur.

Une ligne seule, `@verbatim 12`, cite le verbatim de clé 12 : elle devient une citation s'il peut sortir, rien sinon.
Recopié à la main, un verbatim qui ne peut pas sortir se reconnaît à ses mots, dans leur ordre ; les accents, la casse,
les blancs, la ponctuation, le gras et l'italique ne le cachent pas.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from programme.socle.texte import nettoyer, normaliser
from usages.calculs.prose import Bloc, Citation, Segment, en_texte, lire, textes_nus

MOTS_RECONNUS = 8
"""Tant de mots de suite d'un verbatim plus long le redisent déjà : en couper le bout ne suffit pas à le taire."""
MOTS_MINIMUM = 4
"""Plus court (« Oui, bien sûr. »), un verbatim n'est redit que par une ligne qui ne dit que lui."""
RELECTURES_MAXIMALES = 20
"""Fois où l'on recroise un texte dont on vient d'ôter des blocs ; un texte honnête en demande deux ou trois."""
_REFERENCE = re.compile(r"^[^\S\n]*@verbatim[^\S\n]+([0-9]{1,18})[^\S\n]*$", re.MULTILINE | re.IGNORECASE)
_MOT = re.compile(r"[^\W_]+")
_INVISIBLES = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_ENTRE_BLOCS = "\n\n"

Propos = tuple[str, str]
"""Ce qui a été dit, et qui (un rôle)."""


def references(texte: str) -> list[int]:
    """Les clés citées, dans l'ordre, chacune une fois."""
    return list(dict.fromkeys(int(cle) for cle in _REFERENCE.findall(nettoyer(texte))))


def resoudre(texte: str, propos: Mapping[int, Propos]) -> str:
    """La prose, chaque `@verbatim` devenu une citation ; celui que `propos` n'a pas disparaît, et sa ligne avec lui."""

    def citer(lu: re.Match[str]) -> str:
        if (dit := propos.get(int(lu[1]))) is None or not dit[0].strip():
            return "\n"
        cite = Citation((Segment(nettoyer(dit[0]).strip()),), " ".join(dit[1].split()))
        return f"\n{en_texte([cite])}\n"

    return _REFERENCE.sub(citer, nettoyer(texte))


def redits(texte: str, textes_interdits: Iterable[str]) -> list[str]:
    """Les passages d'une prose qui redisent l'un de ces verbatims, tels qu'ils y sont écrits."""
    nu = _INVISIBLES.sub("", _ENTRE_BLOCS.join(textes_nus(lire(texte))))
    return [nu[debut:fin] for debut, fin in _passages(nu, Interdits.lire(textes_interdits))]


def sans_redits(blocs: Iterable[Bloc], interdits: "Interdits") -> tuple[Bloc, ...]:
    """Les blocs, moins ceux qui redisent un verbatim interdit, à eux seuls ou avec leurs voisins."""
    lus = tuple(blocs)
    tus = rangs_tus(lus, interdits)
    return tuple(bloc for rang, bloc in enumerate(lus) if rang not in tus)


def rangs_tus(blocs: Iterable[Bloc], interdits: "Interdits") -> set[int]:
    """Les rangs des blocs qui ne sortent pas. En ôter un peut rapprocher les mots d'un autre : on recommence.

    Au-delà de `RELECTURES_MAXIMALES`, le texte est fait pour cela : rien n'en sort.
    """
    restants = list(enumerate(blocs))
    tus: set[int] = set()
    for _ in range(RELECTURES_MAXIMALES):
        touches = _touches(tuple(bloc for _, bloc in restants), interdits) if interdits else set()
        if not touches:
            return tus
        tus |= {restants[place][0] for place in touches}
        restants = [reste for place, reste in enumerate(restants) if place not in touches]
    return tus | {rang for rang, _ in restants}


def est_redit(texte: str, interdits: "Interdits") -> bool:
    """Vrai si ce texte court (une légende, une ligne de tableau) redit un verbatim interdit."""
    return bool(interdits) and any(True for _ in _passages(_INVISIBLES.sub("", texte), interdits))


@dataclass(frozen=True, slots=True)
class Interdits:
    """Ce qu'on cherche : des suites de mots, des phrases entières, et des lignes trop courtes pour l'être ailleurs."""

    suites: frozenset[tuple[str, ...]]
    entiers: frozenset[str]
    lignes: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.entiers or self.lignes)

    @classmethod
    def lire(cls, textes: Iterable[str]) -> "Interdits":
        """De quoi reconnaître ces textes ; un texte sans un mot ne se reconnaît pas."""
        suites: set[tuple[str, ...]] = set()
        entiers, lignes = set(), set()
        for mots in (_mots(texte) for texte in textes):
            if len(mots) < MOTS_MINIMUM:
                lignes.add("".join(mots))
                continue
            entiers.add("".join(mots))
            suites.update(tuple(mots[n : n + MOTS_RECONNUS]) for n in range(len(mots) - MOTS_RECONNUS + 1))
        return cls(frozenset(suites), frozenset(entiers), frozenset(lignes - {""}))


def _mots(texte: str) -> list[str]:
    return [mot for mot, _, _ in _places(_INVISIBLES.sub("", nettoyer(texte)))]


@lru_cache(maxsize=16_384)
def _nu(mot: str) -> str:
    return normaliser(mot).replace(" ", "")


def _places(texte: str) -> Iterator[tuple[str, int, int]]:
    """Chaque mot sans accent ni casse, et où il est."""
    for lu in _MOT.finditer(texte):
        if mot := _nu(lu[0]):
            yield mot, lu.start(), lu.end()


def _passages(texte: str, interdits: Interdits) -> list[tuple[int, int]]:
    """Les passages interdits, réunis quand ils se touchent, dans l'ordre."""
    places = list(_places(texte))
    mots = [mot for mot, _, _ in places]
    trouves = [
        (places[n][1], places[n + MOTS_RECONNUS - 1][2])
        for n in range(len(mots) - MOTS_RECONNUS + 1)
        if tuple(mots[n : n + MOTS_RECONNUS]) in interdits.suites
    ]
    trouves += _entiers(mots, places, interdits.entiers)
    trouves += _lignes(texte, interdits.lignes)
    reunis: list[tuple[int, int]] = []
    for debut, fin in sorted(trouves):
        if reunis and debut <= reunis[-1][1]:
            reunis[-1] = (reunis[-1][0], max(fin, reunis[-1][1]))
        else:
            reunis.append((debut, fin))
    return reunis


def _entiers(
    mots: list[str], places: list[tuple[str, int, int]], entiers: Collection[str]
) -> Iterator[tuple[int, int]]:
    """Les verbatims entiers, quels que soient les blancs qui en séparent les mots."""
    colle = "".join(mots)
    presents = [entier for entier in entiers if entier in colle]
    if not presents:
        return
    du_signe = [rang for rang, mot in enumerate(mots) for _ in mot]
    for entier in presents:
        place = colle.find(entier)
        while place >= 0:
            yield places[du_signe[place]][1], places[du_signe[place + len(entier) - 1]][2]
            place = colle.find(entier, place + 1)


def _lignes(texte: str, lignes: Collection[str]) -> Iterator[tuple[int, int]]:
    if not lignes:
        return
    debut = 0
    for ligne in texte.split("\n"):
        if "".join(_mots(ligne)) in lignes:
            yield debut, debut + len(ligne)
        debut += len(ligne) + 1


def _touches(blocs: tuple[Bloc, ...], interdits: Interdits) -> set[int]:
    """Les rangs des blocs qu'un passage interdit touche."""
    nus = [_INVISIBLES.sub("", nu) for nu in textes_nus(blocs)]
    debuts = [0, *accumulate(len(nu) + len(_ENTRE_BLOCS) for nu in nus)]
    passages = _passages(_ENTRE_BLOCS.join(nus), interdits)
    touches: set[int] = set()
    for debut, fin in passages:
        rang = max(bisect_right(debuts, debut) - 1, 0)
        while rang < len(nus) and debuts[rang] < fin:
            if debut < debuts[rang] + len(nus[rang]):
                touches.add(rang)
            rang += 1
    return touches
