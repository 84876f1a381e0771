"""Les tranches de jours où l'on range des durées : une médiane ne s'additionne pas, des tranches si. Module pur.

Chaque durée tombe dans une seule tranche ; deux ensembles rangés s'additionnent tranche à tranche, et l'on relit de là
une médiane ou un neuvième décile, à la tranche près (metier §8).
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable

BORNES = (1, 3, 7, 14, 30, 60, 90, 180, 365)
"""Dernier jour compris de chaque tranche ; au-delà de la dernière, il n'y a plus de borne."""
AU_DELA = "au_dela"
CLES = (*(f"j{borne:03d}" for borne in BORNES), AU_DELA)
"""Une clé par tranche, dans l'ordre : « j007 », de 4 à 7 jours."""


def tranche_de(jours: int) -> str:
    """La clé de la tranche où tombe cette durée."""
    return CLES[bisect_left(BORNES, jours)]


def bornes_de(cle: str) -> tuple[int, int | None]:
    """Le premier et le dernier jour d'une tranche ; None s'il n'y a pas de dernier. Lève `ValueError` si inconnue."""
    rang = CLES.index(cle)
    return (BORNES[rang - 1] + 1 if rang else 0), (BORNES[rang] if rang < len(BORNES) else None)


def libelle_de(cle: str) -> str:
    """« de 4 à 7 jours », « plus de 365 jours »."""
    premier, dernier = bornes_de(cle)
    if dernier is None:
        return f"plus de {premier - 1} jours"
    return f"de {premier} à {dernier} jours" if premier else f"{dernier} jour au plus"


def ranger(durees: Iterable[int]) -> dict[str, int]:
    """Combien de durées par tranche, dans l'ordre des tranches ; une tranche vide n'y est pas."""
    comptes = Counter(tranche_de(duree) for duree in durees)
    return {cle: comptes[cle] for cle in CLES if comptes[cle]}
