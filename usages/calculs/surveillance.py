"""Ce qu'une règle d'alerte voit dans la suite des relevés d'un ESMS. Module pur, sans base ni horloge.

Un point est un chiffre transmis : un relevé non transmis, un chiffre non mesurable ou non concerné n'en sont pas, et ne
déclenchent donc rien. Les points se lisent du plus ancien au plus récent.

    seuil    le dernier point est du mauvais côté du seuil : en dessous si plus haut est mieux, au-dessus sinon
    chute    le dernier point a perdu au moins `part` de ce que disait le point d'il y a n relevés ; cela dure tant que
             la valeur n'a pas repassé ce qu'elle aurait été sans la chute : valeur > (1 - part) × repère
             (si plus bas est mieux : valeur < repère / (1 - part))
    cible    le point de la période où la cible arrivait à échéance ne l'atteint pas, ni aucun point depuis
    routine  en routine, seuil franchi ou chute

Un rapport se dit de 0 à 1. Un nombre de tickets, de retours ou d'incidents ne se surveille pas : ce n'est ni un mérite,
ni un besoin (metier §8). Ni plus ni moins n'y étant un mal, un indicateur sans sens non plus.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from usages.enums import Forme, NatureSurveillance, Sens

SURVEILLABLES = (Forme.RAPPORT, Forme.COMPTE, Forme.MONTANT)
JAMAIS = frozenset({"ticket", "tickets", "retour", "retours", "incident", "incidents"})
"""Mots d'un code qui disent ce qu'on compte sans jamais en juger quelqu'un."""
PAS_DE_SENS = "Cet indicateur n'est ni mieux plus haut, ni mieux plus bas : rien n'y est à surveiller."
PAS_DE_NOMBRE = "Une répartition, une durée, un texte ne se surveillent pas : ils n'ont pas un seul nombre."
JAMAIS_UN_BESOIN = (
    "Un nombre de tickets, de retours ou d'incidents n'est ni un mérite, ni un besoin : il ne donne pas l'alerte."
)


@dataclass(frozen=True, slots=True)
class Point:
    """Un chiffre transmis : la période, de son premier à son dernier jour, et sa valeur."""

    debut: date
    fin: date
    valeur: Decimal


@dataclass(frozen=True, slots=True)
class Vise:
    """Une cible et son échéance."""

    valeur: Decimal
    echeance: date


@dataclass(frozen=True, slots=True)
class Surveille:
    """Ce qu'une règle demande. `part` : 0..1, perdue sur tant de `releves` ; `seuil`, `vise` : s'ils existent."""

    nature: str
    sens: str
    part: Decimal = Decimal("0.30")
    releves: int = 2
    seuil: Decimal | None = None
    vise: Vise | None = None


@dataclass(frozen=True, slots=True)
class Vu:
    """Ce qui mérite l'alerte : le dernier point, et ce à quoi on le compare (seuil, cible, repère avant la chute)."""

    nature: str
    dernier: Point
    repere: Decimal


def pourquoi_pas(*, code: str, calcul: str, forme: str, sens: str) -> str:
    """Pourquoi cet indicateur ne se surveille pas ; vide s'il se surveille."""
    if JAMAIS & set(f"{code}-{calcul}".lower().replace("_", "-").split("-")):
        return JAMAIS_UN_BESOIN
    if forme not in SURVEILLABLES:
        return PAS_DE_NOMBRE
    return PAS_DE_SENS if sens == Sens.NEUTRE else ""


def valeur_de(forme: str, numerateur: Decimal | None, denominateur: Decimal | None) -> Decimal | None:
    """La valeur d'un chiffre ; nulle (None) s'il manque, ou si son dénominateur manque ou vaut zéro."""
    if numerateur is None or forme not in SURVEILLABLES:
        return None
    if forme != Forme.RAPPORT:
        return Decimal(numerateur)
    return Decimal(numerateur) / Decimal(denominateur) if denominateur else None


def _pire(valeur: Decimal, repere: Decimal, sens: str) -> bool:
    """Vrai si la valeur est du mauvais côté ; l'égalité tient la promesse."""
    return valeur < repere if sens == Sens.HAUSSE else valeur > repere


def _a_chute(valeur: Decimal, repere: Decimal, part: Decimal, sens: str) -> bool:
    if sens == Sens.HAUSSE:
        return repere > 0 and valeur <= (1 - part) * repere
    return repere > 0 and valeur * (1 - part) >= repere


def _chute(points: Sequence[Point], regle: Surveille) -> Vu | None:
    """La dernière chute dont on ne s'est pas relevé."""
    repere: Decimal | None = None
    for rang, point in enumerate(points):
        if repere is not None and not _a_chute(point.valeur, repere, regle.part, regle.sens):
            repere = None
        if repere is None and rang >= regle.releves:
            avant = points[rang - regle.releves].valeur
            if _a_chute(point.valeur, avant, regle.part, regle.sens):
                repere = avant
    return Vu(NatureSurveillance.CHUTE, points[-1], repere) if repere is not None else None


def _seuil(points: Sequence[Point], regle: Surveille) -> Vu | None:
    if regle.seuil is None or not _pire(points[-1].valeur, regle.seuil, regle.sens):
        return None
    return Vu(NatureSurveillance.SEUIL, points[-1], regle.seuil)


def _cible(points: Sequence[Point], regle: Surveille, au: date) -> Vu | None:
    vise = regle.vise
    if vise is None or vise.echeance >= au:
        return None
    depuis = [p for p in points if p.fin >= vise.echeance]
    # Sans relevé transmis pour la période de l'échéance, on ne sait pas : un silence n'est jamais une alerte.
    if not depuis or depuis[0].debut > vise.echeance:
        return None
    if not all(_pire(p.valeur, vise.valeur, regle.sens) for p in depuis):
        return None
    return Vu(NatureSurveillance.CIBLE, points[-1], vise.valeur)


def examiner(points: Sequence[Point], regle: Surveille, au: date, *, en_routine: bool = False) -> Vu | None:
    """Ce que cette règle voit à cette date ; None si rien ne mérite l'alerte.

    `points` : du plus ancien au plus récent. `en_routine` : l'ESMS y est, ce que demande la nature « routine ».
    """
    if not points or regle.sens not in (Sens.HAUSSE, Sens.BAISSE):
        return None
    match regle.nature:
        case NatureSurveillance.SEUIL:
            return _seuil(points, regle)
        case NatureSurveillance.CHUTE:
            return _chute(points, regle)
        case NatureSurveillance.CIBLE:
            return _cible(points, regle, au)
        case NatureSurveillance.ROUTINE if en_routine:
            return _seuil(points, regle) or _chute(points, regle)
    return None
