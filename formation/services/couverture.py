"""La couverture entretenue. Module d'attente : le responsable de la couverture le remplace."""

from collections.abc import Iterable
from datetime import date


def rafraichir(parcours: Iterable[int] | None = None, mois: date | None = None) -> None:
    """Refait les résumés de ces parcours."""
