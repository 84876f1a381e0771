"""Une période : un mois, un trimestre, une année. Module pur.

S'écrit « 2026-11 », « 2026-T4 », « 2026 » ; se range en premier jour et cadence.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from programme.socle.dates import MOIS_LONGS
from usages.enums import MOIS_PAR_CADENCE, CadenceReleve

_CODE = re.compile(r"(?P<an>\d{4})(?:-(?P<mois>\d{2})|-T(?P<trimestre>[1-4]))?", re.IGNORECASE)
PREMIERE_ANNEE, DERNIERE_ANNEE = 2000, 2099
ILLISIBLE = "« {} » n'est pas une période : écrivez un mois (2026-11), un trimestre (2026-T4) ou une année (2026)."
HORS_DU_CALENDRIER = "« {} » : cette année n'est pas vraisemblable, écrivez-la entre {} et {}."


@dataclass(frozen=True, slots=True, order=True)
class Periode:
    """Du `debut`, son premier jour, à sa `fin` comprise."""

    debut: date
    cadence: str

    @classmethod
    def contenant(cls, jour: date, cadence: str) -> "Periode":
        """Celle où tombe ce jour."""
        pas = MOIS_PAR_CADENCE[CadenceReleve(cadence)]
        return cls(date(jour.year, (jour.month - 1) // pas * pas + 1, 1), CadenceReleve(cadence).value)

    @classmethod
    def lire(cls, texte: str) -> "Periode":
        """« 2026-11 », « 2026-T4 », « 2026 » ; lève `ValueError`, qui dit quoi écrire."""
        lu = _CODE.fullmatch(texte.strip())
        if lu is None or (lu["mois"] and not 1 <= int(lu["mois"]) <= 12):
            raise ValueError(ILLISIBLE.format(texte[:20]))
        # Au-delà, la période d'après n'est plus du calendrier.
        if not PREMIERE_ANNEE <= int(lu["an"]) <= DERNIERE_ANNEE:
            raise ValueError(HORS_DU_CALENDRIER.format(texte[:20], PREMIERE_ANNEE, DERNIERE_ANNEE))
        an = int(lu["an"])
        if lu["mois"]:
            return cls(date(an, int(lu["mois"]), 1), CadenceReleve.MOIS.value)
        if lu["trimestre"]:
            return cls(date(an, int(lu["trimestre"]) * 3 - 2, 1), CadenceReleve.TRIMESTRE.value)
        return cls(date(an, 1, 1), CadenceReleve.ANNEE.value)

    @property
    def fin(self) -> date:
        """Son dernier jour."""
        return self.suivante().debut - timedelta(days=1)

    @property
    def code(self) -> str:
        """« 2026-11 », « 2026-T4 », « 2026 »."""
        if self.cadence == CadenceReleve.MOIS:
            return f"{self.debut:%Y-%m}"
        if self.cadence == CadenceReleve.TRIMESTRE:
            return f"{self.debut.year}-T{(self.debut.month + 2) // 3}"
        return str(self.debut.year)

    @property
    def nom(self) -> str:
        """« novembre 2026 », « 4e trimestre 2026 », « 2026 »."""
        if self.cadence == CadenceReleve.MOIS:
            return f"{MOIS_LONGS[self.debut.month - 1]} {self.debut.year}"
        if self.cadence == CadenceReleve.TRIMESTRE:
            rang = (self.debut.month + 2) // 3
            return f"{rang}{'er' if rang == 1 else 'e'} trimestre {self.debut.year}"
        return str(self.debut.year)

    @property
    def complement(self) -> str:
        """Après un nom : « d'octobre 2026 », « du 4e trimestre 2026 », « de 2026 »."""
        if self.cadence == CadenceReleve.TRIMESTRE:
            return f"du {self.nom}"
        return f"d'{self.nom}" if self.nom[0] in "aoé" else f"de {self.nom}"

    def _decalee(self, pas: int) -> "Periode":
        rang = self.debut.year * 12 + self.debut.month - 1 + pas * MOIS_PAR_CADENCE[CadenceReleve(self.cadence)]
        return Periode(date(rang // 12, rang % 12 + 1, 1), self.cadence)

    def suivante(self) -> "Periode":
        """Celle d'après."""
        return self._decalee(1)

    def precedente(self) -> "Periode":
        """Celle d'avant."""
        return self._decalee(-1)

    def finissant_avec(self) -> list["Periode"]:
        """Elle et celles qui s'achèvent le même jour, de la plus courte à la plus longue."""
        toutes = [Periode.contenant(self.fin, cadence) for cadence in MOIS_PAR_CADENCE]
        return [p for p in toutes if p.fin == self.fin]

    def dernieres(self, nombre: int) -> list["Periode"]:
        """Les `nombre` qui s'achèvent par elle, de la plus ancienne à elle."""
        return [self._decalee(-n) for n in range(nombre - 1, -1, -1)]

    def jusqu_a(self, derniere: "Periode") -> Iterator["Periode"]:
        """D'elle à celle-là, comprises."""
        periode = self
        while periode.debut <= derniere.debut:
            yield periode
            periode = periode.suivante()


def reunir(periodes: Iterable[Periode]) -> list[list[Periode]]:
    """Ce qui se donne d'un coup : un trimestre, une année, avec le premier mois qui s'achève ce jour-là ou après.

    Une cadence n'y est qu'une fois : de deux trimestres qui attendent, le plus récent rejoint le mois.
    """
    rendu: list[list[Periode]] = []
    attendent: dict[str, Periode] = {}
    for periode in sorted(periodes, key=lambda p: (p.fin, -MOIS_PAR_CADENCE[CadenceReleve(p.cadence)])):
        if periode.cadence == CadenceReleve.MOIS:
            rendu.append([periode, *attendent.values()])
            attendent = {}
            continue
        if periode.cadence in attendent:
            rendu.append([attendent.pop(periode.cadence)])
        attendent[periode.cadence] = periode
    if attendent:
        rendu.append(list(attendent.values()))
    courtes_d_abord = {c.value: rang for rang, c in enumerate(MOIS_PAR_CADENCE)}
    return [sorted(groupe, key=lambda p: courtes_d_abord[p.cadence]) for groupe in rendu]
