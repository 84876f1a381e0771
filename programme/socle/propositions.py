"""Ce qui demande à passer en séance : chaque app inscrit ce qu'elle propose, l'ordre du jour le lit."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model

from programme.socle.registres import Registre


@dataclass(frozen=True, slots=True)
class Proposition:
    """Un point proposé : son titre, de quoi il s'agit, ce qu'on en attend (`nature`), combien de minutes.

    `cle` : l'identité de ce qui est proposé, la même d'une séance à l'autre tant que cela dure (« alerte:12 ») ;
    `source` : l'objet d'où il vient ; `url` : la page où le lire ; `presse` : « Préparer l'ordre du jour » le prend.
    """

    cle: str
    titre: str
    expose: str = ""
    nature: str = "echange"
    duree: int = 5
    source: Model | None = None
    url: str = ""
    presse: bool = False


@dataclass(frozen=True, slots=True)
class Demande:
    """Pour quelle grappe, au nom de qui, à quelle date ; `depuis` : le jour de la séance d'avant, s'il y en a une.

    `seance` : celle qu'on prépare. L'instance qui s'y réunit `suit` le déploiement, `arbitre` ce qu'on lui porte, ou ni
    l'un ni l'autre ; elle `tranche`, ou non, les désaccords de calendrier. C'est la gouvernance qui le sait.
    """

    grappe: Any
    par: Any
    au: date
    depuis: date | None = None
    seance: Any = None
    suit: bool = False
    arbitre: bool = False
    tranche: bool = False

    @property
    def suit_ou_arbitre(self) -> bool:
        """Vrai pour toute instance sauf celle qui dit seulement ce qui se passe (le comité utilisateurs)."""
        return self.suit or self.arbitre


Proposer = Callable[[Demande], Iterable[Proposition]]


@dataclass(frozen=True, slots=True)
class Sorte:
    """Une sorte de points, en mots, et de quoi les lire ; un nombre constant de requêtes, quel que soit leur nombre.

    `rang` : sa place dans l'ordre du jour, ce qui se décide d'abord.
    """

    code: str
    libelle: str
    rang: int
    proposer: Proposer


sortes: Registre[Sorte] = Registre("propositions")


def inscrire(code: str, libelle: str, rang: int = 50) -> Callable[[Proposer], Proposer]:
    """Décore une fonction qui propose des points ; à écrire dans le `propositions.py` de l'app."""

    def decorer(proposer: Proposer) -> Proposer:
        sortes.inscrire(code, Sorte(code, libelle, rang, proposer))
        return proposer

    return decorer


def proposees(demande: Demande) -> list[tuple[Sorte, list[Proposition]]]:
    """Tout ce qui demande à passer, par sorte, selon leur rang ; les sortes sans rien sont omises."""
    lues = [(sorte, list(sorte.proposer(demande))) for sorte in sorted(sortes, key=lambda s: s.rang)]
    return [(sorte, points) for sorte, points in lues if points]


def libelle_de(code: str) -> str:
    """Le mot d'une sorte ; son code si l'app qui l'inscrivait n'est plus là."""
    connue = sortes.get(code)
    return connue.libelle if connue else code
