"""Lire un chiffre : ce qu'il vaut, ce qui s'écrit, où il en est de sa cible, s'il a bougé et comment. Module pur.

Le sens vient de l'indicateur : quand plus bas est mieux, rien ne se lit à l'envers. Neutre, il ne se juge pas.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import lru_cache

from programme.socle.nombres import ABSENT, ESPACE_FINE, ESPACE_INSECABLE, accorde, euros, nombre, pourcentage
from programme.socle.tranches import BORNES as JOURS
from usages.calculs.distribution import MEDIANE, P90, lire
from usages.enums import Forme, Sens

SE_LISENT = (Forme.RAPPORT, Forme.COMPTE, Forme.REPARTITION, Forme.MONTANT, Forme.DUREE)
"""Ce qui se réduit à un nombre : une durée, à sa médiane ; un texte se lit tel quel."""
MIEUX, MOINS_BIEN, AUTRE, PAREIL = "mieux", "moins_bien", "autre", "pareil"
"""Comment un chiffre a bougé ; « autre » : il a bougé, sans qu'il y ait lieu d'en juger."""
MOTS = {MIEUX: "mieux", MOINS_BIEN: "moins bien", AUTRE: "sans jugement", PAREIL: "inchangé"}
BORNES = (0.25, 0.5, 0.75)
"""Sans cible, les paliers d'un rapport ; avec une cible, ceux de la part qui en est faite (le dernier : atteinte)."""
EPSILON = 1e-9
CAS_POUR_LE_P90 = 10
"""Cas à partir desquels « neuf sur dix » veut dire quelque chose (décision 0055)."""
CAS_POUR_JUGER = 5
"""Cas en dessous desquels une médiane qui bouge ne dit ni mieux ni moins bien."""


def valeur_lue(
    forme: str,
    numerateur: Decimal | None,
    denominateur: Decimal | None,
    tranches: Mapping[str, Decimal | int] | None = None,
) -> float | None:
    """Un rapport de 0 à 1, sinon le nombre ; None sans nombre, ou si le dénominateur manque ou vaut zéro.

    Une durée vaut sa médiane, en jours : lue de ses tranches, jamais de sa somme, qui donnerait une moyenne.
    """
    if forme == Forme.DUREE:
        return None if numerateur is None else jours_au_quantile(tranches or {}, MEDIANE)
    if numerateur is None or (forme == Forme.RAPPORT and not denominateur):
        return None
    return float(numerateur / denominateur) if forme == Forme.RAPPORT and denominateur else float(numerateur)


def jours_au_quantile(tranches: Mapping[str, Decimal | int], q: float) -> float | None:
    """Les jours estimés à ce quantile ; au-delà de la dernière tranche, le premier jour qui la dépasse."""
    lu = lire(tranches, q)
    return None if lu is None else float(lu.du if lu.estime is None else lu.estime)


def dire_cas(tranches: Mapping[str, Decimal | int]) -> str:
    """« 12 cas, neuf sur dix en 18 jours au plus » ; le décile se tait sous dix cas. Vide sans cas."""
    cas = sum(int(n) for n in tranches.values())
    if not cas:
        return ""
    p90 = dire_p90(tranches)
    if not p90:
        return accorde(cas, "cas,cas")
    fin = f"{p90} jours" if p90.startswith("plus") else f"{p90} jours au plus"
    return f"{accorde(cas, 'cas,cas')}, neuf sur dix en {fin}"


def dire_p90(tranches: Mapping[str, Decimal | int]) -> str:
    """« 18 », « plus de 365 » : les jours où neuf cas sur dix ont abouti ; vide sous dix cas."""
    if sum(int(n) for n in tranches.values()) < CAS_POUR_LE_P90:
        return ""
    return dire(Forme.DUREE, jours_au_quantile(tranches, P90))


@lru_cache(maxsize=8192)
def dire(forme: str, valeur: float | None) -> str:
    """« 62 % », « 41 », « 1 200 € », « plus de 365 » (jours), « — »."""
    if valeur is None:
        return ABSENT
    if forme == Forme.RAPPORT:
        return pourcentage(valeur)
    if forme == Forme.MONTANT:
        return euros(round(valeur, 2))
    if forme == Forme.DUREE and valeur > JOURS[-1]:
        return f"plus de {JOURS[-1]}"
    arrondie = round(valeur, 1)
    return nombre(int(arrondie) if arrondie == int(arrondie) else arrondie)


def dire_rapport(numerateur: Decimal | None, denominateur: Decimal | None) -> str:
    """« 30 sur 40 » ; vide sans l'un des deux."""
    if numerateur is None or denominateur is None:
        return ""
    return f"{dire(Forme.COMPTE, float(numerateur))} sur {dire(Forme.COMPTE, float(denominateur))}"


def _signer(quantite: float, texte: str) -> str:
    return f"{'+' if quantite > 0 else '−'}{ESPACE_FINE}{texte}"


def dire_ecart(forme: str, avant: float | None, apres: float | None) -> str:
    """« + 5 points », « − 3 », « 0 » ; « — » si l'un manque. L'écart est celui de ce qui est écrit."""
    if avant is None or apres is None:
        return ABSENT
    if forme == Forme.RAPPORT:
        points = _entier(apres * 100) - _entier(avant * 100)
        return _signer(points, accorde(abs(points), "point")) if points else "0"
    ecart = round(apres, 1) - round(avant, 1)
    return _signer(ecart, dire(forme, abs(ecart))) if abs(ecart) > EPSILON else "0"


def _entier(valeur: float) -> int:
    return int(round(valeur, 6) + 0.5)


def mouvement(forme: str, sens: str, avant: float | None, apres: float | None) -> str:
    """Mieux, moins bien, autre ou pareil ; pareil aussi quand l'un des deux manque."""
    if avant is None or apres is None or dire_ecart(forme, avant, apres) == "0":
        return PAREIL
    if sens == Sens.NEUTRE:
        return AUTRE
    return MIEUX if (apres > avant) == (sens == Sens.HAUSSE) else MOINS_BIEN


def mouvement_de(
    forme: str,
    sens: str,
    valeurs: tuple[float | None, float | None],
    tranches: tuple[Mapping[str, Decimal | int], Mapping[str, Decimal | int]],
) -> str:
    """De même ; sans jugement pour une durée de moins de cinq cas, d'un côté ou de l'autre."""
    lu = mouvement(forme, sens, *valeurs)
    if forme != Forme.DUREE or lu == PAREIL:
        return lu
    return lu if all(sum(map(int, t.values())) >= CAS_POUR_JUGER for t in tranches) else AUTRE


def est_atteinte(sens: str, valeur: float | None, cible: float | None) -> bool | None:
    """Vrai si la cible est tenue ; None s'il n'y a rien à en dire (pas de chiffre, pas de cible, indicateur neutre)."""
    if valeur is None or cible is None or sens == Sens.NEUTRE:
        return None
    return valeur >= cible - EPSILON if sens == Sens.HAUSSE else valeur <= cible + EPSILON


def est_sous_le_seuil(sens: str, valeur: float | None, seuil: float | None) -> bool:
    """Vrai si l'on a lieu de s'inquiéter : le seuil d'alerte est franchi du mauvais côté."""
    if valeur is None or seuil is None or sens == Sens.NEUTRE:
        return False
    return valeur < seuil - EPSILON if sens == Sens.HAUSSE else valeur > seuil + EPSILON


def _part_faite(sens: str, valeur: float, cible: float) -> float:
    haut, bas = (valeur, cible) if sens == Sens.HAUSSE else (cible, valeur)
    return 1.0 if bas <= EPSILON else haut / bas


def palier(forme: str, sens: str, valeur: float | None, cible: float | None = None) -> int:
    """De 1 (loin) à 4 (tenue) ; 0 : rien à comparer. Plus foncé est toujours mieux, quel que soit le sens."""
    if valeur is None or sens == Sens.NEUTRE:
        return 0
    if cible is not None:
        if est_atteinte(sens, valeur, cible):
            return 4
        return 1 + sum(_part_faite(sens, valeur, cible) >= borne for borne in BORNES[1:])
    if forme != Forme.RAPPORT:
        return 0
    taux = valeur if sens == Sens.HAUSSE else 1 - valeur
    return 1 + sum(taux >= borne - EPSILON for borne in BORNES)


def manque(forme: str, sens: str, numerateur: Decimal, denominateur: Decimal, cible: Decimal) -> int | None:
    """Combien d'unités séparent de la cible, à dénominateur égal ; 0 si elle est tenue, None si neutre.

    Un rapport de 30 sur 40 face à 80 % : il en manque 2. Quand plus bas est mieux : combien de trop. D'une durée,
    `numerateur` est la médiane.
    """
    if sens == Sens.NEUTRE or (forme == Forme.RAPPORT and not denominateur):
        return None
    visee = cible * denominateur if forme == Forme.RAPPORT else cible
    if sens == Sens.HAUSSE:
        return max(int((visee - numerateur).to_integral_value(ROUND_CEILING)), 0)
    return max(int((numerateur - visee.to_integral_value(ROUND_FLOOR)).to_integral_value(ROUND_CEILING)), 0)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Où en est un chiffre de sa cible : un mot, et s'il est tenu (True), loin (False), ou sans objet (None)."""

    mot: str
    tenu: bool | None
    alerte: bool = False


def juger(forme: str, sens: str, valeur: float | None, cible: float | None, seuil: float | None = None) -> Verdict:
    """« Cible tenue », « à 12 points de la cible », « sous le seuil d'alerte »."""
    alerte = est_sous_le_seuil(sens, valeur, seuil)
    tenu = est_atteinte(sens, valeur, cible)
    if alerte:
        cote = "sous le" if sens == Sens.HAUSSE else "au-dessus du"
        return Verdict(f"{cote} seuil d’alerte", False, True)
    if tenu is None:
        return Verdict("", None)
    if tenu:
        return Verdict("cible tenue", True)
    ecart = dire_ecart(forme, valeur, cible).lstrip("+− \u202f")
    if ecart == "0":
        return Verdict("tout près de la cible", False)
    return Verdict(f"à{ESPACE_INSECABLE}{ecart} de la cible", False)
