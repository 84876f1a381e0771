"""Le passage que porte un commentaire, et ce qu'il devient quand le texte change. Module pur.

L'ancre garde le rang du bloc, l'extrait, et quelques mots avant et après. On la cherche dans les textes nus d'une
section (`prose.textes_nus`) : les mêmes mots, là où ce qui les entoure a le moins changé ; sinon, des mots qui leur
ressemblent assez ; sinon, rien. Un commentaire ne se perd jamais : sans passage, il reste à la section, avec
l'ancien extrait.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate, takewhile

from programme.socle.texte import normaliser

CONTEXTE = 60
"""Signes gardés de part et d'autre : de quoi distinguer deux passages pareils."""
SEUIL = 0.6
"""Ressemblance au-dessous de laquelle ce n'est plus le même passage : trois quarts des mots gardés, dans leur ordre, la
passent ; un tiers, non. Une valeur du produit."""
VOISINAGE = 20
"""Signes du contexte qu'il faut retrouver de chaque côté pour croire qu'on a récrit ce qu'il y avait entre."""
VOISINS = 3
"""Sans contexte, on ne cherche un bloc récrit qu'à tant de rangs de là où il était."""
AMPLEUR = 3
"""Entre ces deux contextes, un texte plus de tant de fois plus long n'est plus le passage."""
_DEBUT, _FIN = "\x02", "\x03"
_MOT = re.compile(r"\S+")
# Une apostrophe ou un blanc retapés autrement ne changent pas un passage ; un signe pour un signe, les places restent.
_PLAT = str.maketrans({"’": "'", "\n": " ", "\t": " ", "\u00a0": " ", "\u202f": " "})


class Etat(StrEnum):
    """Ce qu'est devenu un passage."""

    EXACT = "exact"
    DEPLACE = "deplace"
    MODIFIE = "modifie"
    DISPARU = "disparu"


PHRASES = {
    Etat.EXACT: "Le passage est le même.",
    Etat.DEPLACE: "Le passage est le même, ailleurs dans la section.",
    Etat.MODIFIE: "Le passage a été récrit depuis ce commentaire.",
    Etat.DISPARU: "Le passage n'est plus dans la section : le commentaire garde ses mots d'alors.",
}


@dataclass(frozen=True, slots=True)
class Ancre:
    """Un passage tel qu'il était : le rang de son bloc dans la section, ses mots, et ceux qui l'entourent."""

    bloc: int
    extrait: str
    avant: str = ""
    apres: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """Ce qu'on retrouve. Disparu : `bloc` est None, et `extrait` est l'ancien. `ressemblance` : de 0 à 1."""

    etat: Etat
    bloc: int | None
    debut: int
    fin: int
    extrait: str
    ressemblance: float

    @property
    def phrase(self) -> str:
        """Ce qu'il est devenu, en une phrase."""
        return PHRASES[self.etat]


def ancrer(textes: Sequence[str], bloc: int, debut: int = 0, fin: int | None = None) -> Ancre:
    """L'ancre d'un passage ; sans `debut` ni `fin`, le bloc entier. Lève `ValueError` si rien n'y est choisi."""
    if not 0 <= bloc < len(textes):
        raise ValueError(f"La section n'a pas de bloc {bloc}.")
    texte = textes[bloc]
    fin = len(texte) if fin is None else fin
    if not 0 <= debut < fin <= len(texte) or not texte[debut:fin].strip():
        raise ValueError("Le passage choisi est vide : un commentaire porte sur des mots.")
    return Ancre(bloc, texte[debut:fin], texte[max(0, debut - CONTEXTE) : debut], texte[fin : fin + CONTEXTE])


def ancrer_extrait(textes: Sequence[str], bloc: int, extrait: str) -> Ancre:
    """L'ancre de la première fois que ces mots sont dans ce bloc. Lève `ValueError` s'ils n'y sont pas."""
    if not 0 <= bloc < len(textes) or not (cherche := extrait.translate(_PLAT).strip()):
        raise ValueError("Le passage choisi est vide : un commentaire porte sur des mots.")
    debut = textes[bloc].translate(_PLAT).find(cherche)
    if debut < 0:
        raise ValueError("Ces mots ne sont pas dans ce paragraphe : recopiez-les tels quels.")
    return ancrer(textes, bloc, debut, debut + len(cherche))


def retrouver(ancre: Ancre, textes: Sequence[str], *, seuil: float = SEUIL) -> Passage:
    """Le passage d'une ancre dans les textes d'aujourd'hui, un par bloc. `seuil` : de 0 exclu à 1."""
    if not 0 < seuil <= 1:
        raise ValueError(f"Le seuil va de 0 exclu à 1 : {seuil} ne convient pas.")
    exacts = list(_mot_pour_mot(ancre, textes))
    if exacts:
        _, _, rang, place = max(exacts)
        bloc, debut = -rang, -place
        fin = debut + len(ancre.extrait)
        etat = Etat.EXACT if bloc == ancre.bloc else Etat.DEPLACE
        return Passage(etat, bloc, debut, fin, textes[bloc][debut:fin], 1.0)
    voisins = [v for bloc, texte in enumerate(textes) for v in _voisins(ancre, bloc, texte, seuil)]
    proche = max(voisins, key=lambda v: (v.ressemblance, -abs(v.bloc - ancre.bloc), -v.debut), default=None)
    if proche is None or proche.ressemblance < seuil:
        return Passage(Etat.DISPARU, None, 0, 0, ancre.extrait, 0.0)
    extrait = textes[proche.bloc][proche.debut : proche.fin]
    return Passage(Etat.MODIFIE, proche.bloc, proche.debut, proche.fin, extrait, proche.ressemblance)


@dataclass(frozen=True, slots=True)
class _Voisin:
    ressemblance: float
    bloc: int
    debut: int
    fin: int


def _mot_pour_mot(ancre: Ancre, textes: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Chaque fois que ces mots sont là : (contexte retrouvé, -écart, -bloc, -place) ; le plus grand est le bon."""
    cherche = ancre.extrait.translate(_PLAT)
    avant = (_DEBUT * (len(ancre.avant) < CONTEXTE) + ancre.avant).translate(_PLAT)
    apres = (ancre.apres + _FIN * (len(ancre.apres) < CONTEXTE)).translate(_PLAT)
    for bloc, texte in enumerate(textes):
        plat = texte.translate(_PLAT)
        place = plat.find(cherche)
        while place >= 0:
            fin = place + len(cherche)
            devant = _communs(avant[::-1], (_DEBUT * (place < CONTEXTE) + plat[max(0, place - CONTEXTE) : place])[::-1])
            derriere = _communs(apres, plat[fin : fin + CONTEXTE] + _FIN * (fin + CONTEXTE > len(plat)))
            yield devant + derriere, -abs(bloc - ancre.bloc), -bloc, -place
            place = plat.find(cherche, place + 1)


def _communs(un: Iterable[str], autre: Iterable[str]) -> int:
    """Combien de signes sont les mêmes, en partant du début."""
    return sum(1 for _ in takewhile(lambda paire: paire[0] == paire[1], zip(un, autre, strict=False)))


def _voisins(ancre: Ancre, bloc: int, texte: str, seuil: float) -> Iterator[_Voisin]:
    """Ce qui, dans un bloc, pourrait être le passage récrit."""
    if (par_les_mots := _par_les_mots(ancre.extrait, texte, seuil)) is not None:
        yield _Voisin(par_les_mots[0], bloc, *par_les_mots[1:])
    # Un bloc cité en entier n'a pas de contexte : tout bloc lui irait, et les comparer tous coûterait des secondes.
    proche = ancre.avant or ancre.apres or abs(bloc - ancre.bloc) <= VOISINS
    if proche and (entre := _entre_les_contextes(ancre, texte)) is not None:
        debut, fin = entre
        juge = SequenceMatcher(None, normaliser(ancre.extrait), normaliser(texte[debut:fin]), autojunk=False)
        yield _Voisin(juge.ratio(), bloc, debut, fin)


@lru_cache(maxsize=2048)
def _places(texte: str) -> tuple[tuple[str, int, int], ...]:
    """Les mots d'un bloc et où ils sont : plusieurs remarques se cherchent dans les mêmes blocs."""
    return tuple((normaliser(lu[0]), lu.start(), lu.end()) for lu in _MOT.finditer(texte))


def _par_les_mots(extrait: str, texte: str, seuil: float) -> tuple[float, int, int] | None:
    """Le morceau qui garde le plus de mots de l'extrait, dans leur ordre : (ressemblance, début, fin).

    Un mot pèse ses lettres : « de la » partagés ne font pas un passage. None si le seuil est hors d'atteinte : gardés
    tous dans leur ordre, les mots en commun n'y suffiraient pas, et les ranger coûterait pour rien.
    """
    cherches = [mot for mot, _, _ in _places(extrait)]
    places = _places(texte)
    mots = [mot for mot, _, _ in places]
    partages = sum(len(mot) for mot in (Counter(cherches) & Counter(mots)).elements())
    if 2 * partages < seuil * (sum(map(len, cherches)) + partages):
        return None
    communs = [c for c in SequenceMatcher(None, cherches, mots, autojunk=False).get_matching_blocks() if c.size]
    poids_cherche = sum(map(len, cherches))
    cumuls = [0, *accumulate(map(len, mots))]
    trouves = []
    for premier, debut in enumerate(communs):
        gardes = 0
        for fin in communs[premier:]:
            bout = fin.b + fin.size
            gardes += cumuls[bout] - cumuls[fin.b]
            if total := poids_cherche + cumuls[bout] - cumuls[debut.b]:
                trouves.append((2 * gardes / total, places[debut.b][1], places[bout - 1][2]))
    return max(trouves, key=lambda t: (t[0], -t[1]), default=None)


def _entre_les_contextes(ancre: Ancre, texte: str) -> tuple[int, int] | None:
    """Ce qu'il y a maintenant entre ce qui précédait et ce qui suivait ; None si l'un des deux n'est plus là."""
    plat = texte.translate(_PLAT)
    avant, apres = ancre.avant.translate(_PLAT)[-VOISINAGE:], ancre.apres.translate(_PLAT)[:VOISINAGE]
    debut = plat.find(avant) + len(avant) if avant in plat else -1
    fin = (plat.find(apres, debut) if apres else len(plat)) if debut >= 0 else -1
    if fin <= debut or fin - debut > AMPLEUR * len(ancre.extrait) or not plat[debut:fin].strip():
        return None
    return debut, fin
