"""La prévision d'un ensemble d'ESMS : deux marques par ligne sur un axe de mois, à partir d'aujourd'hui. Module pur."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from programme.dessins.echelle import fin_de_mois
from programme.socle.dates import JOURS_PAR_MOIS, mois

PAS = (1, 2, 3, 6, 12, 24, 60)
"""Mois entre deux repères, du plus fin au plus large."""
REPERES = 8


@dataclass(frozen=True, slots=True)
class Axe:
    """De `debut` (aujourd'hui) à `fin`, en pourcentage de la largeur ; un repère tous les `pas` mois."""

    debut: date
    fin: date
    pas: int

    def x(self, jour: date) -> float:
        """Abscisse en pourcentage, entre 0 et 100."""
        part = (jour - self.debut).days * 100 / (self.fin - self.debut).days
        return round(min(max(part, 0), 100), 2)

    def reperes(self) -> list[tuple[float, str, bool]]:
        """Débuts de mois : (x, mot, un sur deux, à taire quand la place manque)."""
        return [
            (self.x(j), mois(j), bool(rang % 2)) for rang, j in enumerate(_premiers(self.debut, self.fin, self.pas))
        ]


def _premiers(debut: date, fin: date, pas: int) -> Iterator[date]:
    """Les premiers du mois, tous les `pas` mois comptés de janvier, après `debut`."""
    rang = (debut.year * 12 + debut.month - 1) // pas * pas
    while (jour := date(rang // 12, rang % 12 + 1, 1)) <= fin:
        if jour >= debut:
            yield jour
        rang += pas


def axe(jours: Iterable[date | None], au: date) -> Axe:
    """L'axe qui montre tous ces jours, et un peu d'après ; un an quand il n'y en a aucun."""
    dernier = max([j for j in jours if j], default=au)
    jusqu_a = max(dernier, date(au.year + 1, au.month, 1))
    marge = (jusqu_a - au) // 8
    fin = fin_de_mois(jusqu_a + marge)
    pas = next((p for p in PAS if (fin - au).days / JOURS_PAR_MOIS / p <= REPERES), PAS[-1])
    return Axe(au, fin, pas)


@dataclass(frozen=True, slots=True)
class Marques:
    """Une ligne : où tombent les deux dates, en pourcentage ; None quand il n'y a pas de date."""

    une: float | None
    quatre: float | None

    @property
    def ecart(self) -> float:
        """Largeur de l'une à l'autre ; jusqu'au bord sans la seconde."""
        fin = 100.0 if self.quatre is None else self.quatre
        return round(fin - (self.une or 0.0), 2)


def marques(une: date | None, quatre: date | None, a: Axe) -> Marques:
    """Pose les deux dates sur l'axe."""
    return Marques(*(None if j is None else a.x(j) for j in (une, quatre)))
