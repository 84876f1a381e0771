"""Ne pas laisser deviner qui : un groupe de moins de cinq personnes ne se compte pas. Module pur, provisoire."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

Cle = TypeVar("Cle", bound=Hashable)
SEUIL = 5


def masquer(groupes: Mapping[Cle, int], seuil: int = SEUIL) -> dict[Cle, int | None]:
    """Les mêmes groupes, sans le nombre de ceux qui sont trop petits ; zéro ne désigne personne."""
    return {cle: nombre if nombre == 0 or nombre >= seuil else None for cle, nombre in groupes.items()}
