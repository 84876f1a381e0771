"""Ce que chaque app sait calculer, pour un ensemble d'ESMS et une période : à inscrire dans son `indicateurs.py`.

Un calcul lit par ensemble, en un nombre constant de requêtes : un ESMS ou 25 000. Il ne change rien, et le refaire dit
la même chose. Le catalogue (`usages`) nomme le calcul d'un indicateur par son code, sans connaître l'app qui le fait.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from programme.socle import tranches
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


def rapports(
    lues: Iterable[tuple[int, Nombre, Nombre]], non_concernes: Collection[int] = ()
) -> dict[int, list[Mesure]]:
    """Des rapports : (parcours, numérateur, dénominateur). Ceux de `non_concernes` qui n'y sont pas le disent.

    Un dénominateur nul n'a pas de taux : lui non plus n'a pas de quoi répondre.
    """
    rendu = {cle: [Mesure(non_concerne=True)] for cle in non_concernes}
    for cle, numerateur, denominateur in lues:
        rendu[cle] = [Mesure(numerateur, denominateur) if denominateur else Mesure(non_concerne=True)]
    return rendu


def comptes(lues: Iterable[tuple[int, Nombre]], attendus: Collection[int] = ()) -> dict[int, list[Mesure]]:
    """Des comptes : (parcours, nombre). Ceux d'`attendus` qui n'y sont pas valent zéro."""
    return {cle: [Mesure()] for cle in attendus} | {cle: [Mesure(nombre)] for cle, nombre in lues}


def repartitions(lues: Iterable[tuple[int, str, Nombre]], attendus: Collection[int] = ()) -> dict[int, list[Mesure]]:
    """Des répartitions : (parcours, part, nombre) ; le total est la somme des parts, une part nulle ne s'écrit pas."""
    parts: dict[int, list[Mesure]] = {cle: [] for cle in attendus}
    for cle, part, nombre in lues:
        if nombre:
            parts.setdefault(cle, []).append(Mesure(nombre, cle=part))
    return {cle: [Mesure(sum(m.numerateur for m in lot)), *lot] for cle, lot in parts.items()}


def durees(lues: Iterable[tuple[int, int]], attendus: Collection[int] = ()) -> dict[int, list[Mesure]]:
    """Des durées : (parcours, jours), une ligne par cas.

    Le total porte leur somme sur leur nombre ; chaque tranche de jours, son nombre de cas. Sans un seul cas, ceux
    d'`attendus` n'ont pas de quoi répondre.
    """
    cas: dict[int, list[int]] = {}
    for cle, jours in lues:
        cas.setdefault(cle, []).append(jours)
    rendu = {cle: [Mesure(non_concerne=True)] for cle in attendus}
    for cle, lot in cas.items():
        parts = [Mesure(nombre, cle=tranche) for tranche, nombre in tranches.ranger(lot).items()]
        rendu[cle] = [Mesure(sum(lot), len(lot)), *parts]
    return rendu
