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
Situer = Callable[[str, Any], str]


@dataclass(frozen=True, slots=True)
class Regle:
    """Une règle : son code, ce qu'elle surveille, de quoi relever, en un nombre constant de requêtes.

    `situer(clé, lecteur)` : la page où lire ce qu'elle a vu ; vide si ce lecteur ne la voit pas.
    """

    code: str
    libelle: str
    relever: Relever
    situer: Situer | None = None


regles: Registre[Regle] = Registre("règles d'alerte")


def inscrire(code: str, libelle: str, situer: Situer | None = None) -> Callable[[Relever], Relever]:
    """Décore une fonction qui relève ce qui mérite l'alerte à cette date, dans toutes les grappes.

    Une clé qui revient après avoir disparu rouvre le cas : l'alerte close n'y répond plus.
    """

    def decorer(relever: Relever) -> Relever:
        regles.inscrire(code, Regle(code, libelle, relever, situer))
        return relever

    return decorer


def libelle_de(code: str) -> str:
    """Ce que surveille une règle ; son code si l'app qui l'inscrivait n'est plus là."""
    connue = regles.get(code)
    return connue.libelle if connue else code
