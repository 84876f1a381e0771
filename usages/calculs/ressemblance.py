"""Les retours proches d'un autre : ce qu'on propose de rapprocher, et qu'une personne décide. Module pur.

Un retour est un vecteur de racines pesées par leur rareté ; deux retours se ressemblent par le cosinus de leurs mots
et, pour une part, de leurs trigrammes (fautes de frappe). Le même module rapproche, un autre éloigne ; l'unité n'entre
pas dans le score : le même problème dit par deux unités est justement ce qu'on cherche. Sans une racine commune, 0 :
deux façons de dire sans un mot partagé ne se trouvent pas, et l'on ne rapproche jamais sans que quelqu'un l'ait lu.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import log, sqrt

from usages.calculs.mots_retours import fragments, mots_utiles

SEUIL = 0.23
"""Score d'une paire qu'on propose sans qu'on la demande ; réglé sur une moitié du jeu d'essai, mesuré sur l'autre."""
SEUIL_AU_CHOIX = 0.2
"""Plus bas : pour qui regarde les quelques plus proches d'un retour, et choisit."""
PART_DES_MOTS = 0.7
POIDS_AMELIORATION = 0.5
MEME_MODULE, AUTRE_MODULE = 0.85, 1.25
"""Exposants du score : au-dessous de 1, il monte ; au-dessus, il descend ; ni 0 ni 1 n'en bougent."""


@dataclass(frozen=True, slots=True)
class Retour:
    """Ce qu'on compare. `module` : son code, vide si l'on ne sait pas ; `unite` : son nom, pour qui lit la paire."""

    cle: Hashable
    probleme: str
    amelioration: str = ""
    module: str = ""
    unite: str = ""


@dataclass(frozen=True, slots=True)
class Voisin:
    """Un retour proche d'un autre. `score` : de 0 (rien de commun) à 1 (les mêmes mots)."""

    cle: Hashable
    score: float


@dataclass(frozen=True, slots=True)
class _Vecteur:
    module: str
    mots: Mapping[str, float]
    fragments: Mapping[str, float]


class Ressemblance:
    """Un index inversé de retours : les voisins de l'un d'eux sans relire tous les autres.

    Le construire relit tous les textes (environ une seconde pour 10 000) : une fois par lot, jamais par ligne.
    """

    def __init__(self, retours: Iterable[Retour]) -> None:
        """Lève `ValueError` si deux retours ont la même clé."""
        lus: dict[Hashable, tuple[str, dict[str, float], dict[str, float]]] = {}
        frequences, frequences_fragments = Counter[str](), Counter[str]()
        for retour in retours:
            if retour.cle in lus:
                raise ValueError(f"Deux retours portent la clé {retour.cle!r} : une clé par retour.")
            mots, morceaux = _poids(retour)
            lus[retour.cle] = (retour.module, mots, morceaux)
            frequences.update(mots.keys())
            frequences_fragments.update(morceaux.keys())
        self._nombre = len(lus)
        self._frequences, self._frequences_fragments = frequences, frequences_fragments
        self._vecteurs = {cle: self._vecteur(*lu) for cle, lu in lus.items()}
        self._places: dict[str, list[tuple[Hashable, float]]] = defaultdict(list)
        for cle, vecteur in self._vecteurs.items():
            for mot, poids in vecteur.mots.items():
                self._places[mot].append((cle, poids))

    def voisins(self, cle: Hashable, *, seuil: float = SEUIL, limite: int | None = None) -> list[Voisin]:
        """Les voisins d'un retour de l'index, du plus proche au moins proche ; lui-même n'en est pas.

        `seuil` : de 0 exclu à 1. Lève `KeyError` si la clé est inconnue, `ValueError` si le seuil ne va pas.
        """
        return self._chercher(self._vecteurs[cle], seuil, cle)[:limite]

    def proches_de(self, retour: Retour, *, seuil: float = SEUIL, limite: int | None = None) -> list[Voisin]:
        """Les voisins d'un retour pas encore rangé (celui qu'on écrit) ; sa clé, si elle est connue, est passée.

        Un mot que l'index n'a jamais lu compte comme rare. Lève `ValueError` si le seuil ne va pas.
        """
        mots, morceaux = _poids(retour)
        return self._chercher(self._vecteur(retour.module, mots, morceaux), seuil, retour.cle)[:limite]

    def score(self, une: Hashable, autre: Hashable) -> float:
        """La ressemblance de deux retours, de 0 à 1, la même dans les deux sens. Lève `KeyError` (clé inconnue)."""
        a, b = self._vecteurs[une], self._vecteurs[autre]
        return _score(a, b, _produit(a.mots, b.mots))

    def paires(self, *, seuil: float = SEUIL) -> Iterator[tuple[Hashable, Hashable, float]]:
        """Chaque paire au-dessus du seuil, une seule fois, dans l'ordre où les retours sont entrés."""
        rangs = {cle: rang for rang, cle in enumerate(self._vecteurs)}
        for cle, rang in rangs.items():
            for voisin in self.voisins(cle, seuil=seuil):
                if rangs[voisin.cle] > rang:
                    yield cle, voisin.cle, voisin.score

    def _vecteur(self, module: str, mots: Mapping[str, float], morceaux: Mapping[str, float]) -> _Vecteur:
        return _Vecteur(module, self._peser(mots, self._frequences), self._peser(morceaux, self._frequences_fragments))

    def _peser(self, poids: Mapping[str, float], frequences: Mapping[str, int]) -> dict[str, float]:
        """Poids × rareté, ramenés à une longueur de 1 ; vide s'il n'y a rien à peser."""
        peses = {t: p * log(1 + self._nombre / max(frequences.get(t, 0), 1)) for t, p in poids.items()}
        longueur = sqrt(sum(p * p for p in peses.values()))
        return {t: p / longueur for t, p in peses.items()} if longueur else {}

    def _chercher(self, vecteur: _Vecteur, seuil: float, sauf: Hashable) -> list[Voisin]:
        if not 0 < seuil <= 1:
            raise ValueError(f"Le seuil va de 0 exclu à 1 : {seuil} ne convient pas.")
        communs: dict[Hashable, float] = defaultdict(float)
        for mot, poids in vecteur.mots.items():
            for cle, autre in self._places.get(mot, ()):
                communs[cle] += poids * autre
        # Ce que les mots doivent déjà valoir pour que les trigrammes, même tous communs, atteignent le seuil.
        plancher = (seuil ** (1 / MEME_MODULE) - (1 - PART_DES_MOTS)) / PART_DES_MOTS
        trouves = [
            Voisin(cle, score)
            for cle, produit in communs.items()
            if produit >= plancher and cle != sauf and (score := _score(vecteur, self._vecteurs[cle], produit)) >= seuil
        ]
        return sorted(trouves, key=lambda v: (-v.score, str(v.cle)))


def _poids(retour: Retour) -> tuple[dict[str, float], dict[str, float]]:
    """Le poids de chaque racine et trigramme : 1 si le problème le dit, moins si seule l'amélioration le dit."""
    dits, voulus = mots_utiles(retour.probleme), mots_utiles(retour.amelioration)
    mots = dict.fromkeys(voulus, POIDS_AMELIORATION) | dict.fromkeys(dits, 1.0)
    morceaux = dict.fromkeys(fragments(voulus), POIDS_AMELIORATION) | dict.fromkeys(fragments(dits), 1.0)
    return mots, morceaux


def _produit(une: Mapping[str, float], autre: Mapping[str, float]) -> float:
    if len(une) > len(autre):
        une, autre = autre, une
    return sum(poids * autre[terme] for terme, poids in une.items() if terme in autre)


def _score(a: _Vecteur, b: _Vecteur, mots: float) -> float:
    """De 0 à 1, arrondi au millionième : le même dans les deux sens, quel que soit l'ordre des sommes."""
    if mots <= 0:
        return 0.0
    brut = PART_DES_MOTS * mots + (1 - PART_DES_MOTS) * _produit(a.fragments, b.fragments)
    exposant = 1.0
    if a.module and b.module:
        exposant = MEME_MODULE if a.module == b.module else AUTRE_MODULE
    return round(min(brut, 1.0) ** exposant, 6)
