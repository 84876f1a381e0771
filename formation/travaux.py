"""Travaux de fond de la formation : charger ce module inscrit leurs genres."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from formation.services import effacement
from programme.socle.travaux import Contexte, Genre, inscrire

UN_JOUR = timedelta(days=1)
ARRETE_EN_EFFACEMENT = "L'effacement s'est arrêté en route. Relancez-le sans crainte : ce qui est effacé le reste."


def _pseudonymiser(contexte: Contexte) -> dict[str, Any]:
    """Efface le nom de qui est parti depuis assez longtemps ; le résultat ne dit qu'un nombre."""
    return {"pseudonymises": effacement.pseudonymiser(au=timezone.localdate(), temoin=contexte.avancer)}


inscrire(
    Genre(
        "pseudonymisation",
        "Noms des personnes sorties : effacement",
        _pseudonymiser,
        periode=UN_JOUR,
        arrete=ARRETE_EN_EFFACEMENT,
    )
)
