"""Travaux de fond de la formation : charger ce module inscrit leurs genres."""

from datetime import timedelta
from typing import Any

from formation.services import couverture
from programme.socle.travaux import Contexte, Genre, inscrire

UN_JOUR = timedelta(days=1)
ARRETE_EN_COUVERTURE = "Le compte s'est arrêté en route. Relancez-le sans crainte : refait, il dit la même chose."


def _compter_la_couverture(contexte: Contexte) -> dict[str, Any]:
    """Recompte la couverture de tous les ESMS, et clôt le mois passé s'il ne l'est pas."""
    return {"mois": [f"{mois:%m/%Y}" for mois in couverture.rafraichir(temoin=contexte.avancer)]}


inscrire(
    Genre(
        "couverture",
        "Couverture de formation : comptes du mois",
        _compter_la_couverture,
        periode=UN_JOUR,
        arrete=ARRETE_EN_COUVERTURE,
    )
)
