"""L'accord entre ceux qui codent les mêmes effets, chacun de son côté. Module pur.

Le kappa de Cohen ôte de l'accord observé ce que le hasard en donnerait : 1, toujours d'accord ; 0, pas plus que le
hasard ; au-dessous, moins. Seuls comptent les effets codés par les deux. Quand il ne se calcule pas, on dit pourquoi.

J. Cohen, « A Coefficient of Agreement for Nominal Scales », Educational and Psychological Measurement, 20 (1), 1960,
p. 37-46. J. R. Landis et G. G. Koch, « The Measurement of Observer Agreement for Categorical Data », Biometrics,
33 (1), 1977, p. 159-174 : des bornes de convention, leurs auteurs le disent ; les mots français sont à nous.
"""

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from typing import TypeVar

from programme.socle.nombres import accorde, nombre

E = TypeVar("E", bound=Hashable)
C = TypeVar("C", bound=Hashable)

SOURCE = "Landis et Koch, 1977"
LECTURES = (
    (Fraction(20, 100), "accord très faible"),
    (Fraction(40, 100), "accord faible"),
    (Fraction(60, 100), "accord modéré"),
    (Fraction(80, 100), "accord fort"),
    (Fraction(1), "accord presque parfait"),
)
"""Jusqu'à cette valeur comprise, ces mots (slight, fair, moderate, substantial, almost perfect)."""
SOUS_LE_HASARD = "désaccord : moins que le hasard n'en donnerait"
"""Au-dessous de 0 (poor)."""


class Cas(StrEnum):
    """Ce qui empêche un kappa, ou oblige à le lire autrement."""

    ORDINAIRE = ""
    RIEN_EN_COMMUN = "rien_en_commun"
    AUCUNE_VARIATION = "aucune_variation"
    UN_SEUL_VARIE = "un_seul_varie"


PHRASES = {
    Cas.RIEN_EN_COMMUN: "Aucun effet n'a été codé par les deux : il n'y a pas d'accord à mesurer.",
    Cas.AUCUNE_VARIATION: (
        "Les deux ont donné partout le même code : ils sont d'accord, mais rien ne dit si c'est plus que par hasard."
    ),
    Cas.UN_SEUL_VARIE: "L'un des deux a donné partout le même code : le kappa vaut 0 quoi que l'autre ait fait.",
}


@dataclass(frozen=True, slots=True)
class Accord:
    """L'accord de deux codeurs. `kappa` est None quand il ne se calcule pas ; `cas` dit alors pourquoi."""

    kappa: Fraction | None
    communs: int
    pareils: int
    cas: Cas = Cas.ORDINAIRE

    @property
    def phrase(self) -> str:
        """« Kappa 0,64 : accord fort (Landis et Koch, 1977), sur 25 effets codés par les deux. »"""
        if self.kappa is None:
            return PHRASES[self.cas]
        mots = f"Kappa {nombre(float(self.kappa), 2)} : {lecture(self.kappa)} ({SOURCE})"
        sur = f"sur {accorde(self.communs, 'effet codé,effets codés')} par les deux."
        return f"{mots}, {sur}" if self.cas == Cas.ORDINAIRE else f"{PHRASES[self.cas]} {mots}, {sur}"


@dataclass(frozen=True, slots=True)
class AccordMoyen:
    """La moyenne des kappas de chaque paire de codeurs ; une paire sans kappa n'y compte pas, et se dit."""

    kappa: Fraction | None
    paires: tuple[tuple[str, str, Accord], ...]

    @property
    def ecartees(self) -> int:
        """Combien de paires n'ont pas de kappa."""
        return sum(accord.kappa is None for _, _, accord in self.paires)

    @property
    def phrase(self) -> str:
        """La moyenne en mots, et sur combien de paires."""
        if not self.paires:
            return "Un seul codeur : il n'y a pas d'accord à mesurer."
        if self.kappa is None:
            return "Aucune paire de codeurs n'a de kappa : regardez chacune."
        mesurees = accorde(len(self.paires) - self.ecartees, "paire")
        ecartees = f" ; {accorde(self.ecartees, 'paire')} sans kappa" if self.ecartees else ""
        return f"Kappa moyen {nombre(float(self.kappa), 2)} : {lecture(self.kappa)} ({SOURCE}), {mesurees}{ecartees}."


def kappa(un: Mapping[E, C], autre: Mapping[E, C]) -> Accord:
    """Le kappa de Cohen de deux codeurs ; chacun donne un code par effet."""
    paires = [(un[effet], autre[effet]) for effet in un if effet in autre]
    communs, pareils = len(paires), sum(a == b for a, b in paires)
    if not communs:
        return Accord(None, 0, 0, Cas.RIEN_EN_COMMUN)
    des_uns, des_autres = Counter(a for a, _ in paires), Counter(b for _, b in paires)
    observe = Fraction(pareils, communs)
    attendu = Fraction(sum(n * des_autres[code] for code, n in des_uns.items()), communs**2)
    if attendu == 1:
        return Accord(None, communs, pareils, Cas.AUCUNE_VARIATION)
    cas = Cas.UN_SEUL_VARIE if 1 in (len(des_uns), len(des_autres)) else Cas.ORDINAIRE
    return Accord((observe - attendu) / (1 - attendu), communs, pareils, cas)


def kappa_moyen(codages: Mapping[str, Mapping[E, C]]) -> AccordMoyen:
    """La moyenne simple des kappas par paires ; `codages` : pour chaque codeur, un code par effet."""
    paires = tuple((a, b, kappa(codages[a], codages[b])) for a, b in combinations(sorted(codages), 2))
    mesures = [accord.kappa for _, _, accord in paires if accord.kappa is not None]
    return AccordMoyen(sum(mesures, Fraction(0)) / len(mesures) if mesures else None, paires)


def lecture(valeur: Fraction) -> str:
    """Un kappa en mots, selon Landis et Koch. Lève `ValueError` au-dessus de 1."""
    if valeur < 0:
        return SOUS_LE_HASARD
    for borne, mots in LECTURES:
        if valeur <= borne:
            return mots
    raise ValueError(f"Un kappa ne dépasse pas 1 : {valeur} ne convient pas.")


def desaccords(un: Mapping[E, C], autre: Mapping[E, C]) -> list[tuple[E, C, C]]:
    """Les effets codés autrement, dans l'ordre du premier : (effet, son code, celui de l'autre) ; de quoi en parler."""
    return [(effet, code, autre[effet]) for effet, code in un.items() if effet in autre and autre[effet] != code]
