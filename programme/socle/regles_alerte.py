"""Les règles qui donnent l'alerte d'elles-mêmes : chaque app inscrit les siennes, dans son `alertes.py`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from programme.socle.registres import Registre


@dataclass(frozen=True, slots=True)
class Signalement:
    """Ce qu'une règle a vu : sa grappe, son parcours s'il y en a un ; `cle` reste la même tant que cela dure."""

    cle: str
    grappe: Any
    intitule: str
    parcours: Any = None
    texte: str = ""


Relever = Callable[[date], Iterable[Signalement]]


@dataclass(frozen=True, slots=True)
class Regle:
    """Une règle : son code, ce qu'elle surveille, de quoi relever, en un nombre constant de requêtes."""

    code: str
    libelle: str
    relever: Relever


regles: Registre[Regle] = Registre("règles d'alerte")


def inscrire(code: str, libelle: str) -> Callable[[Relever], Relever]:
    """Décore une fonction qui relève ce qui mérite l'alerte à cette date, dans toutes les grappes."""

    def decorer(relever: Relever) -> Relever:
        regles.inscrire(code, Regle(code, libelle, relever))
        return relever

    return decorer
