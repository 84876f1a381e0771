"""Qui compte parmi les utilisateurs prévus. Module pur."""

from datetime import date, timedelta

RENFORT = timedelta(days=30)
"""Moins d'un mois en poste, dernier jour compris : un renfort, compté à part (metier §7)."""

GARDE_DU_NOM = timedelta(days=180)
"""Six mois après le dernier poste, le nom ne sert plus à former personne : il s'efface, et ne se reprend pas."""


def est_renfort(debut: date, fin: date | None) -> bool:
    """Vrai si la sortie est déjà dite, et moins d'un mois après l'entrée."""
    return fin is not None and fin - debut + timedelta(days=1) < RENFORT
