"""Le temps d'écriture et de lecture d'un ESMS, résumé depuis ses métiers. Module pur."""

from collections.abc import Collection

from programme.enums import TempsEcriture


def resumer(decisions: Collection[str]) -> str:
    """Un refus se voit d'abord, puis ce qui n'est pas décidé ; « décidé » : pour tous les métiers dits."""
    for decision in (TempsEcriture.REFUSE, TempsEcriture.NON_DECIDE):
        if decision in decisions:
            return decision
    return TempsEcriture.DECIDE if decisions else TempsEcriture.NON_DECIDE
