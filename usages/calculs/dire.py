"""Un chiffre en mots, tel qu'on le lit partout : « 30 sur 40, soit 75 % », « 12 tâches ». Module pur."""

from decimal import Decimal
from typing import Protocol

from programme.socle.nombres import ABSENT, ESPACE_INSECABLE, accorde, euros, nombre, pourcentage
from usages.calculs.controles import sans_zeros
from usages.enums import Absence, Forme

INVARIABLES = ("mois", "accès", "fois", "ESMS")
ATTENDU = "pas encore donné"


class Mesure(Protocol):
    """Ce qu'un indicateur dit de sa forme."""

    @property
    def forme(self) -> str: ...
    @property
    def unite(self) -> str: ...


def dire_nombre(indicateur: Mesure, valeur: Decimal | None) -> str:
    """Un nombre et son unité, que le catalogue écrit au pluriel : « 12 tâches », « 1 tâche »."""
    if valeur is None:
        return ABSENT
    if indicateur.forme == Forme.MONTANT:
        return euros(sans_zeros(valeur))
    unite = au_singulier(indicateur.unite) if valeur < 2 else indicateur.unite
    return f"{nombre(sans_zeros(valeur))}{ESPACE_INSECABLE}{unite}" if unite else nombre(sans_zeros(valeur))


def au_singulier(unite: str) -> str:
    """« tâche » pour « tâches » : ce qui suit 0 ou 1."""
    mot, blanc, suite = unite.partition(" ")
    return f"{mot if mot in INVARIABLES else mot.removesuffix('s')}{blanc}{suite}"


def dire_chiffre(
    indicateur: Mesure, num: Decimal | None, sur: Decimal | None, *, motif: str = "", texte: str = ""
) -> str:
    """Ce que dit un chiffre, ou pourquoi il manque ; « pas encore donné » s'il est attendu."""
    if motif:
        return str(Absence(motif).label)
    if texte:
        return texte
    if num is None:
        return ATTENDU
    if sur is None:
        return dire_nombre(indicateur, num)
    if indicateur.forme == Forme.DUREE:
        # Une somme de jours et un nombre de cas : « 4 sur 1 » ne dirait rien.
        return f"{accorde(int(sur), 'cas,cas')}, {dire_nombre(indicateur, num)} en tout"
    rapport = f"{nombre(sans_zeros(num))} sur {nombre(sans_zeros(sur))}"
    if indicateur.forme != Forme.RAPPORT or not sur:
        return rapport
    return f"{rapport}, soit {pourcentage(num / sur)}"


def dire_court(indicateur: Mesure, num: Decimal | None, sur: Decimal | None) -> str:
    """Le taux d'un rapport, le nombre sinon : ce qui tient au bout d'une courbe."""
    if indicateur.forme == Forme.RAPPORT:
        return pourcentage(num / sur) if num is not None and sur else ABSENT
    return nombre(None if num is None else sans_zeros(num))


def a_taper(valeur: Decimal | None) -> str:
    """Un nombre comme on le tape : « 1234,5 » ; vide s'il manque."""
    return "" if valeur is None else f"{sans_zeros(valeur):f}".replace(".", ",")
