"""Ce que dit une correspondance de reprise : les mots de Treille y valent toujours pour eux-mêmes."""

from typing import Any

from programme.reprise.mots import cle_de_mot
from programme.services.reprise.plan import CHOIX
from programme.socle.models import Correspondance

GENRE = "reprise"


def en_dict(correspondance: Correspondance) -> dict[str, Any]:
    """La forme que lit `programme.reprise.lignes`."""
    valeurs = {code: dict(mots) for code, mots in correspondance.valeurs.items()}
    for code in set(correspondance.colonnes.values()) & CHOIX.keys():
        siens = {cle_de_mot(str(choix.label)): choix.value for choix in CHOIX[code]}
        valeurs[code] = siens | valeurs.get(code, {})
    if "est_pilote" in correspondance.colonnes.values():
        valeurs["est_pilote"] = {"oui": True, "non": False} | valeurs.get("est_pilote", {})
    return {
        "lecture": correspondance.options.get("lecture", {}),
        "colonnes": correspondance.colonnes,
        "valeurs": valeurs,
    }
