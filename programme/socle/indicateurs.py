"""Ce que chaque app sait calculer, pour un ensemble d'ESMS et une période : à inscrire dans son `indicateurs.py`.

Un calcul lit par ensemble, en un nombre constant de requêtes : un ESMS ou 25 000. Il ne change rien, et le refaire dit
la même chose. Le catalogue (`usages`) nomme le calcul d'un indicateur par son code, sans connaître l'app qui le fait.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from programme.socle.registres import Registre

Nombre = int | Decimal


@dataclass(frozen=True, slots=True)
class Mesure:
    """Une valeur calculée. `cle` vide : le total ; sinon une part (profil, tranche de jours).

    `non_concerne` : cet ESMS n'a pas de quoi y répondre, et ce n'est pas zéro (aucune unité, personne en poste).
    """

    numerateur: Nombre = 0
    denominateur: Nombre | None = None
    cle: str = ""
    non_concerne: bool = False


Mesures = Mapping[int, Sequence[Mesure]]
"""Par clé de parcours ; un parcours absent n'a pas de réponse ce jour-là : le chiffre reste attendu."""
Calculer = Callable[[Any, date, date], Mesures]
"""`calculer(parcours, debut, fin)` : un QuerySet de parcours, les deux jours de la période, comprise."""


@dataclass(frozen=True, slots=True)
class Calcul:
    """Un calcul : son code, ce qu'il mesure, de quoi le faire."""

    code: str
    libelle: str
    calculer: Calculer


calculs: Registre[Calcul] = Registre("calculs d'indicateurs")


def inscrire(code: str, libelle: str) -> Callable[[Calculer], Calculer]:
    """Décore une fonction qui mesure un ensemble de parcours sur une période."""

    def decorer(calculer: Calculer) -> Calculer:
        calculs.inscrire(code, Calcul(code, libelle, calculer))
        return calculer

    return decorer
