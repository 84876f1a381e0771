"""L'atteinte d'un objectif de départ, face au fait qui le mesure. Module pur."""

from dataclasses import dataclass

ATTEINT = "atteint"
PAS_ENCORE = "pas_encore"
A_DIRE = "a_dire"
EN_MOTS = {ATTEINT: "atteint", PAS_ENCORE: "pas encore", A_DIRE: "à dire"}
"""« Pas encore » plutôt que « non » : un bilan s'arrête un jour, le travail continue."""


@dataclass(frozen=True, slots=True)
class Mesure:
    """Tant sur tant : `faits` ne dépasse pas `total`."""

    faits: int
    total: int

    @property
    def part(self) -> float | None:
        """De 0 à 1 ; None s'il n'y a rien à mesurer."""
        return self.faits / self.total if self.total else None


def atteinte(part_visee: int | None, mesure: Mesure | None) -> str:
    """Atteint, pas encore, ou à dire : sans part visée, sans fait, ou sur rien (0 sur 0), on ne conclut pas.

    `part_visee` en pour cent. Compté en entiers : 80 % de 5 est 4, tout rond.
    """
    if part_visee is None or mesure is None or not mesure.total:
        return A_DIRE
    return ATTEINT if mesure.faits * 100 >= part_visee * mesure.total else PAS_ENCORE
