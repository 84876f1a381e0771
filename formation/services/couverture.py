"""La couverture gardée mois par mois. En attendant son calcul, rafraîchir est sans effet."""

from collections.abc import Iterable
from datetime import date


def rafraichir(parcours: Iterable[int] | None = None, mois: date | None = None) -> None:
    """Refait les comptes de couverture de ces parcours (tous, sans rien dire), pour ce mois."""
