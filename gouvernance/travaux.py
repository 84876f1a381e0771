"""Travaux de fond de la gouvernance : charger ce module inscrit leurs genres."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from gouvernance.services import alertes
from programme.socle.travaux import Contexte, Genre, inscrire

UN_JOUR = timedelta(days=1)
ARRETE_EN_ALERTE = "Le relevé s'est arrêté en route. Relancez-le sans crainte : aucune alerte n'est donnée deux fois."


def _relever_les_alertes(contexte: Contexte) -> dict[str, Any]:
    """Relève les règles, puis porte au COSTRAT ce dont le délai est passé."""
    au = timezone.localdate()
    releve = alertes.relever(au=au, temoin=contexte.avancer)
    portees = alertes.porter_les_retards(au=au, temoin=contexte.avancer)
    return {"donnees": releve.donnees, "cessees": releve.cessees, "revenues": releve.revenues, "portees": portees}


inscrire(Genre("alertes", "Alertes : règles et délais", _relever_les_alertes, periode=UN_JOUR, arrete=ARRETE_EN_ALERTE))
