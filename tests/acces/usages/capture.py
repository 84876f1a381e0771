"""La table d'accès de la capture des retours : sans compte, l'adresse fait foi ; avec un compte, qui lit l'ESMS."""

from typing import Any

from tests.acces.lignes import API, LIT_PREPARATION, PUBLIQUE, VOIT_PARCOURS, Ligne, _parcours
from tests.acces.monde import Cote


def _lien(cote: Cote) -> dict[str, Any]:
    return {"jeton": cote.lien.jeton}


LIGNES: dict[str, Ligne] = {
    "usages:retour-liens": Ligne(**PUBLIQUE),
    "usages:retour-lien": Ligne(_lien, ecrit=True, **PUBLIQUE),
    "usages:retour-suivi": Ligne(ecrit=True, **PUBLIQUE),
    "usages:retour-donner": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, ecrit=True, naturel="directeur"),
    "manifeste": Ligne(**(PUBLIQUE | {"genre": "fichier"})),
    "service-worker": Ligne(**(PUBLIQUE | {"genre": "fichier"})),
    "api:retour-liste": Ligne(lit=False, ecrit=True, **API),
}
