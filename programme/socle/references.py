"""Registre des références : ce que chaque app charge de `fixtures/reference`, à la suite des tables du tronc.

Un chargement est rejouable : la seconde fois ne change rien. Il s'exécute dans la transaction de l'appelant.
"""

from collections.abc import Callable
from pathlib import Path

from programme.socle.lots import Effets
from programme.socle.registres import Registre

Charger = Callable[[Path], Effets]
references: Registre[Charger] = Registre("références")


def inscrire(code: str, charger: Charger) -> Charger:
    """Ajoute un chargement ; `charger(dossier)` lit les fichiers du dossier et rend ce qu'il a fait."""
    return references.inscrire(code, charger)
