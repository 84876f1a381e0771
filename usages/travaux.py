"""Travaux de fond des usages : charger ce module inscrit leurs genres, et ceux de ses imports. Un bloc par agrégat."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from programme.socle.nombres import accorde
from programme.socle.travaux import Contexte, Genre, inscrire
from usages.resources import tableau_de_bord, tickets
from usages.services import ouverture_releves

__all__ = ["tableau_de_bord", "tickets"]

UN_JOUR = timedelta(days=1)

# --- relevés ---
ARRETE_EN_OUVERTURE = "L'ouverture s'est arrêtée en route. Relancez-la sans crainte : elle n'ouvre que ce qui manque."


def _ouvrir_les_releves(contexte: Contexte) -> dict[str, Any]:
    """Ouvre les relevés des périodes finies ; le résultat ne dit que des nombres."""
    bilan = ouverture_releves.ouvrir_dues(timezone.localdate(), temoin=contexte.avancer)
    dits = (
        accorde(bilan.releves, "relevé ouvert,relevés ouverts"),
        accorde(bilan.chiffres, "chiffre attendu,chiffres attendus"),
    )
    return {"decompte": ", ".join(dits)}


inscrire(
    Genre(
        "releves-ouverture",
        "Relevés : ouverture de la période finie",
        _ouvrir_les_releves,
        periode=UN_JOUR,
        arrete=ARRETE_EN_OUVERTURE,
    )
)
