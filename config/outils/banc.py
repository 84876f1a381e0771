"""Ce que l'environnement dit au banc : où écrire ses mesures, et s'il faut seulement le mettre au point."""

import os
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent.parent


def chemin_des_mesures() -> Path:
    """Le fichier JSON des mesures ; var/ par défaut, que les essais n'emploient pas pour leurs données."""
    return Path(os.environ.get("TREILLE_BANC") or RACINE / "var" / "banc.json")


def est_reduit() -> bool:
    """Vrai pour un banc de mise au point, trop petit pour que ses chiffres disent quelque chose."""
    return bool(os.environ.get("TREILLE_BANC_REDUIT"))
