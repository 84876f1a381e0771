"""L'équipement face à ceux qui écrivent en même temps : rapports, cumuls, ce qui manque. Module pur.

Un effectif est un entier positif ou None (« pas dit ») ; un rapport est nul si rien n'est dit ou si personne n'écrit.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple


class Dit(NamedTuple):
    """Ce qu'un ESMS dit de ses postes ; `simultanes` : personnes qui écrivent à l'heure la plus chargée."""

    postes: int | None
    simultanes: int | None
    tablettes: int | None = None


def par_simultane(postes: int | None, simultanes: int | None) -> Decimal | None:
    """Postes par utilisateur simultané, au centième ; None si l'un des deux n'est pas dit, ou si personne n'écrit."""
    if postes is None or not simultanes:
        return None
    return (Decimal(postes) / Decimal(simultanes)).quantize(Decimal("0.01"))


def manquants(postes: int | None, simultanes: int | None) -> int:
    """Postes qu'il faudrait en plus pour que chacun écrive sans attendre son tour ; 0 si l'on ne sait pas."""
    if postes is None or simultanes is None:
        return 0
    return max(0, simultanes - postes)


@dataclass(frozen=True, slots=True)
class Cumul:
    """Plusieurs ESMS ensemble. `nb_dits` : ceux dont on connaît postes et utilisateurs, seuls comptés au rapport."""

    nb_dits: int
    postes: int
    simultanes: int
    tablettes: int
    manquants: int

    @property
    def rapport(self) -> Decimal | None:
        """Somme des postes sur somme des utilisateurs simultanés : jamais la moyenne des rapports."""
        return par_simultane(self.postes, self.simultanes)


def cumuler(dits: Iterable[Dit]) -> Cumul:
    """Cumule des ESMS. Un ESMS qui ne dit pas ses postes n'en retire pas aux autres."""
    lus = list(dits)
    complets = [d for d in lus if d.postes is not None and d.simultanes is not None]
    return Cumul(
        nb_dits=len(complets),
        postes=sum(d.postes or 0 for d in complets),
        simultanes=sum(d.simultanes or 0 for d in complets),
        tablettes=sum(d.tablettes or 0 for d in lus),
        manquants=sum(manquants(d.postes, d.simultanes) for d in complets),
    )
