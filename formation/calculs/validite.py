"""Jusqu'à quand une formation vaut. Module pur."""

from calendar import monthrange
from datetime import date


def valable_jusqu_au(obtenu_le: date, mois: int | None) -> date | None:
    """Le dernier jour où l'acquis vaut, compris : le même quantième, `mois` plus tard ; None s'il ne passe pas.

    Un quantième qui n'existe pas ce mois-là donne le dernier jour du mois : formé un 31, revenir avant le 30.
    """
    if not mois:
        return None
    rang = obtenu_le.month - 1 + mois
    annee, numero = obtenu_le.year + rang // 12, rang % 12 + 1
    return date(annee, numero, min(obtenu_le.day, monthrange(annee, numero)[1]))
