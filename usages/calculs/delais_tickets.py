"""Délais des tickets et comptes par mois. Module pur, sans base ni horloge.

Un délai va de la création au traitement, à défaut à la fermeture. Des délais ne s'additionnent pas : on en dit la
médiane et le neuvième décile (P90), par rang, donc toujours un délai réellement vu.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, repeat

Comptes = Mapping[int, int]
"""Délai en jours → nombre de tickets."""
ParMois = Mapping[date, int]
"""Premier jour du mois → nombre de tickets."""


@dataclass(frozen=True, slots=True)
class Delais:
    """Combien de tickets, en combien de jours la moitié et neuf sur dix sont traités ; sans ticket, rien à dire."""

    nombre: int
    mediane: int | None
    p90: int | None


@dataclass(frozen=True, slots=True)
class Mois:
    """Un mois de tickets : créés, traités, fermés ce mois-là, chacun à sa propre date."""

    debut: date
    crees: int = 0
    traites: int = 0
    fermes: int = 0


def jours(debut: date, fin: date) -> int:
    """Jours écoulés, jamais moins de zéro."""
    return max((fin - debut).days, 0)


def _au_rang(tries: Sequence[int], dixiemes: int) -> int:
    """La plus petite durée que ne dépassent pas `dixiemes` dixièmes d'entre elles."""
    return tries[-(-len(tries) * dixiemes // 10) - 1]


def mesurer(durees: Iterable[int]) -> Delais:
    """Médiane et P90 de ces durées, par rang."""
    tries = sorted(durees)
    if not tries:
        return Delais(0, None, None)
    return Delais(len(tries), _au_rang(tries, 5), _au_rang(tries, 9))


def mesurer_comptes(comptes: Comptes) -> Delais:
    """Les mêmes, depuis un compte par durée : ce que la base rend sans nommer un ticket."""
    return mesurer(chain.from_iterable(repeat(duree, nombre) for duree, nombre in comptes.items()))


def par_mois(mois: Iterable[date], crees: ParMois, traites: ParMois, fermes: ParMois) -> list[Mois]:
    """Un `Mois` par premier jour donné, zéro là où rien ne s'est passé."""
    return [Mois(m, crees.get(m, 0), traites.get(m, 0), fermes.get(m, 0)) for m in mois]
