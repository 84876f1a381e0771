"""Le carnet du banc : une ligne par mesure, sa limite physique à côté, ce qu'on vise, si c'est tenu."""

import json
import os
import platform
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from config.outils.banc import chemin_des_mesures, est_reduit

NB_ESMS, NB_GRAPPES, NB_PARCOURS = 34_000, 1_120, 25_000
if est_reduit():
    NB_ESMS, NB_GRAPPES, NB_PARCOURS = 1_360, 40, 1_000


@dataclass(frozen=True, slots=True)
class Mesure:
    """Valeur et repère dans la même unité ; `vise` en mots ; `tenu` vaut None quand on ne vise rien."""

    groupe: str
    nom: str
    valeur: float
    unite: str
    repere: float | None
    repere_nom: str
    rapport: float | None
    vise: str
    tenu: bool | None


CARNET: list[Mesure] = []


def mesurer(geste: Callable[[], Any], *, fois: int = 7, montre: Callable[[], float] = perf_counter) -> float:
    """Médiane du geste, en secondes, après un tour à blanc. `montre` : `process_time` ne compte que le processeur."""
    geste()
    durees = []
    for _ in range(fois):
        debut = montre()
        geste()
        durees.append(montre() - debut)
    return sorted(durees)[fois // 2]


def _vise(rapport_max: float | None, maximum: float | None, minimum: float | None, unite: str) -> str:
    morceaux = []
    if rapport_max is not None:
        morceaux.append(f"≤ {rapport_max:g} ×")
    if maximum is not None:
        morceaux.append(f"≤ {maximum:g} {unite}")
    if minimum is not None:
        morceaux.append(f"≥ {minimum:g} {unite}")
    return ", ".join(morceaux)


def noter(
    groupe: str,
    nom: str,
    valeur: float,
    *,
    unite: str = "ms",
    repere: float | None = None,
    repere_nom: str = "",
    rapport_max: float | None = None,
    maximum: float | None = None,
    minimum: float | None = None,
) -> None:
    """Inscrit une mesure et la dit tout de suite. Ne lève jamais : le banc mesure, il ne barre pas."""
    rapport = valeur / repere if repere else None
    tenus = [
        rapport <= rapport_max if rapport is not None and rapport_max is not None else None,
        valeur <= maximum if maximum is not None else None,
        valeur >= minimum if minimum is not None else None,
    ]
    juges = [t for t in tenus if t is not None]
    vise = _vise(rapport_max, maximum, minimum, unite)
    mesure = Mesure(groupe, nom, valeur, unite, repere, repere_nom, rapport, vise, all(juges) if juges else None)
    CARNET.append(mesure)
    # À chaque mesure : un banc interrompu garde ce qu'il a déjà vu.
    enregistrer()
    print("\n  " + en_ligne(mesure), end="", flush=True)


def en_ligne(m: Mesure) -> str:
    """Une mesure en une ligne de table."""
    repere = f"{m.repere:10.1f} {m.unite} ({m.repere_nom})" if m.repere is not None else ""
    rapport = f"{m.rapport:6.2f} ×" if m.rapport is not None else ""
    tenu = {True: "tenu", False: "PAS TENU", None: ""}[m.tenu]
    return f"{m.nom[:58]:58} {m.valeur:10.1f} {m.unite:8} {rapport:9} {m.vise:20} {tenu:9} {repere}".rstrip()


def enregistrer() -> Path:
    """Écrit toutes les mesures, avec la machine et l'heure."""
    contenu = {
        "fait_le": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"systeme": platform.platform(), "python": platform.python_version(), "coeurs": os.cpu_count()},
        "taille": {"esms": NB_ESMS, "grappes": NB_GRAPPES, "parcours": NB_PARCOURS},
        "charge_moyenne": list(os.getloadavg()),
        "mesures": [asdict(m) for m in CARNET],
    }
    ou = chemin_des_mesures()
    ou.parent.mkdir(parents=True, exist_ok=True)
    ou.write_text(json.dumps(contenu, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return ou
