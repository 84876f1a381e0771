"""Un agrégat : des sommes, qui a répondu, et le taux qu'on en tire. Module pur.

    numérateur   = somme des numérateurs des ESMS qui ont répondu
    dénominateur = somme de leurs dénominateurs
    taux         = numérateur / dénominateur ; nul (None) si le dénominateur est absent ou vaut zéro

Une durée ne s'additionne pas en jours : ce sont ses `tranches` (clé → nombre de cas) qui s'additionnent, et sa médiane
se lit du total.

« n ESMS sur m ont répondu » : m compte les ESMS dont on attendait le chiffre, sans ceux qu'il ne concerne pas.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Agregat:
    """Une case d'un tableau de bord : un indicateur, une période, un territoire."""

    numerateur: Decimal = ZERO
    denominateur: Decimal = ZERO
    nb_repondants: int = 0
    nb_attendus: int = 0
    nb_non_mesurables: int = 0
    nb_non_concernes: int = 0
    tranches: Mapping[str, int] = field(default_factory=dict)

    @property
    def taux(self) -> float | None:
        """De 0 à 1 pour un rapport ; None si le dénominateur vaut zéro."""
        return float(self.numerateur / self.denominateur) if self.denominateur else None

    @property
    def nb_concernes(self) -> int:
        """Les ESMS dont on attend un nombre : m, dans « n sur m »."""
        return max(self.nb_attendus - self.nb_non_concernes, 0)

    def __add__(self, autre: "Agregat") -> "Agregat":
        return Agregat(
            self.numerateur + autre.numerateur,
            self.denominateur + autre.denominateur,
            self.nb_repondants + autre.nb_repondants,
            self.nb_attendus + autre.nb_attendus,
            self.nb_non_mesurables + autre.nb_non_mesurables,
            self.nb_non_concernes + autre.nb_non_concernes,
            _reunir(self.tranches, autre.tranches),
        )


def _reunir(uns: Mapping[str, int], autres: Mapping[str, int]) -> dict[str, int]:
    """Les tranches, additionnées une à une ; une tranche vide ne s'écrit pas."""
    sommes = {cle: uns.get(cle, 0) + autres.get(cle, 0) for cle in {**uns, **autres}}
    return {cle: nombre for cle, nombre in sommes.items() if nombre}
