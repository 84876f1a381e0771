"""Les périodes qu'un tableau de bord montre, à partir d'un mois choisi. Module pur.

Un indicateur trimestriel ou annuel se lit, ce mois-là, sur sa dernière période finie : en février, le quatrième
trimestre et l'année d'avant.
"""

from usages.calculs.periodes import Periode
from usages.enums import CadenceReleve

NOMBRES = {CadenceReleve.MOIS: 12, CadenceReleve.TRIMESTRE: 6, CadenceReleve.ANNEE: 4}
"""Périodes d'une courbe : douze mois, six trimestres, quatre ans."""


def finie(mois: Periode, cadence: str) -> Periode:
    """La dernière période de cette cadence finie quand ce mois finit ; pour un mois, lui-même."""
    ici = Periode.contenant(mois.debut, cadence)
    return ici if ici.fin <= mois.fin else ici.precedente()


def fenetres(mois: Periode) -> dict[str, list[Periode]]:
    """Par cadence, de la plus ancienne à la dernière finie."""
    return {cadence.value: finie(mois, cadence).dernieres(nombre) for cadence, nombre in NOMBRES.items()}


def comparee(mois: Periode, avec: Periode, cadence: str) -> Periode:
    """La période à laquelle comparer : celle de `avec`, toujours plus ancienne que celle de `mois`."""
    ici, voulue = finie(mois, cadence), finie(avec, cadence)
    return voulue if voulue.debut < ici.debut else ici.precedente()
