"""Ce qui fragilise une routine, et rien d'autre : la routine n'est pas une fin (metier §3). Module pur.

    module     un module s'est ouvert depuis l'entrée en routine, il y a moins de 90 jours
    version    une version vient d'être installée (90 jours), ou va l'être (30 jours)
    rotation   une personne en poste sur cinq, au moins, est arrivée depuis six mois et depuis l'entrée en routine
    usage      un chiffre d'usage transmis a perdu au moins sa chute admise, face à la moyenne des trois d'avant

Un silence n'en est jamais une raison : sans chiffre transmis, on ne sait pas. Ni un nombre de tickets : il ne dit ni un
besoin, ni un mérite (metier §8). Cela lève un drapeau et appelle un plan, jamais un retour en arrière. Les seuils sont
des valeurs du produit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

RECENT = timedelta(days=90)
BIENTOT = timedelta(days=30)
ROTATION_VUE = timedelta(days=182)
PART_ARRIVEE = 0.2
EQUIPE_MINIMALE = 5
"""En dessous, une part d'arrivants désigne presque quelqu'un."""
AVANT = 3
"""Relevés d'avant, auxquels se compare le dernier ; deux au moins."""


class Cause(StrEnum):
    """D'où vient la fragilité, de ce qui touche le plus l'usage à ce qui le touchera."""

    USAGE = "usage"
    ROTATION = "rotation"
    VERSION = "version"
    MODULE = "module"


@dataclass(frozen=True, slots=True)
class Serie:
    """Les chiffres transmis d'un indicateur qui gagne à monter, du plus ancien au plus récent ; `chute` : de 0 à 1."""

    nom: str
    valeurs: tuple[float, ...]
    chute: float

    @property
    def avant(self) -> float | None:
        """La moyenne des trois relevés d'avant le dernier ; None s'il y en a moins de deux."""
        lus = self.valeurs[:-1][-AVANT:]
        return sum(lus) / len(lus) if len(lus) > 1 else None

    @property
    def a_chute(self) -> bool:
        """Vrai si le dernier a perdu au moins la chute admise."""
        avant = self.avant
        # Au millionième : 0,7 × 0,1 et 0,07 ne sont pas le même nombre pour la machine.
        return bool(avant) and round(self.valeurs[-1] - (avant or 0) * (1 - self.chute), 6) <= 0


@dataclass(frozen=True, slots=True)
class Faits:
    """Ce qu'on sait d'un ESMS en routine. `depuis` : son entrée en routine, si on la connaît."""

    depuis: date | None = None
    modules: Sequence[tuple[str, date]] = ()
    montees: Sequence[tuple[str, date, bool]] = ()
    """(version, jour, faite)."""
    en_poste: int = 0
    arrives: int = 0
    series: Sequence[Serie] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Raison:
    """Une raison, et ce dont il s'agit : un indicateur, une version, un module ; vide pour la rotation."""

    cause: Cause
    quoi: str = ""
    le: date | None = None


def raisons(faits: Faits, au: date) -> list[Raison]:
    """Ce qui fragilise cette routine ce jour-là, de ce qui touche le plus l'usage à ce qui le touchera."""
    rendu = [Raison(Cause.USAGE, s.nom) for s in faits.series if s.a_chute]
    if faits.en_poste >= EQUIPE_MINIMALE and faits.arrives >= PART_ARRIVEE * faits.en_poste:
        rendu.append(Raison(Cause.ROTATION))
    for version, jour, faite in faits.montees:
        if (au - RECENT <= jour <= au) if faite else (jour <= au + BIENTOT and jour >= au - RECENT):
            rendu.append(Raison(Cause.VERSION, version, jour))
    for module, jour in faits.modules:
        if au - RECENT <= jour <= au and (faits.depuis is None or jour > faits.depuis):
            rendu.append(Raison(Cause.MODULE, module, jour))
    return rendu
