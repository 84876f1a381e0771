"""Ce qui demande à passer en séance : chaque app inscrit ce qu'elle propose, l'ordre du jour le lit."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model

from programme.socle.nombres import liste
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
    """Pour quelle grappe, quel type d'instance (« comop », « costrat »…), au nom de qui, à quelle date.

    `depuis` : le jour de la séance d'avant, s'il y en a une ; `seance` : celle qu'on prépare.
    """

    grappe: Any
    type_instance: str
    par: Any
    au: date
    depuis: date | None = None
    seance: Any = None


Proposer = Callable[[Demande], Iterable[Proposition]]


@dataclass(frozen=True, slots=True)
class Origine:
    """Une sorte de points, en mots, et de quoi les lire ; un nombre constant de requêtes, quel que soit leur nombre.

    `rang` : sa place dans l'ordre du jour, ce qui se décide d'abord.
    """

    code: str
    libelle: str
    rang: int
    proposer: Proposer


origines: Registre[Origine] = Registre("propositions")


def inscrire(code: str, libelle: str, rang: int = 50) -> Callable[[Proposer], Proposer]:
    """Décore une fonction qui propose des points ; à écrire dans le `propositions.py` de l'app."""

    def decorer(proposer: Proposer) -> Proposer:
        origines.inscrire(code, Origine(code, libelle, rang, proposer))
        return proposer

    return decorer


def proposees(demande: Demande) -> list[tuple[Origine, list[Proposition]]]:
    """Tout ce qui demande à passer, par sorte, selon leur rang ; les sortes sans rien sont omises."""
    lues = [(origine, list(origine.proposer(demande))) for origine in sorted(origines, key=lambda o: o.rang)]
    return [(origine, points) for origine, points in lues if points]


def quelques(noms: Iterable[object], montres: int = 8) -> str:
    """« a, b et 12 autres » : de quoi nommer sans noyer l'exposé d'un point."""
    tous = [str(nom) for nom in noms]
    autres = len(tous) - montres
    if autres == 1:
        return liste(tous)
    return liste([*tous[:montres], *([f"{autres} autres"] if autres > 0 else [])])


def phrase(texte: str) -> str:
    """Le texte et son point final, qu'une abréviation a parfois déjà mis (« le 3 déc. »)."""
    return texte if texte.endswith((".", "…")) else f"{texte}."


def libelle_de(code: str) -> str:
    """Le mot d'une sorte ; son code si l'app qui l'inscrivait n'est plus là."""
    connue = origines.get(code)
    return connue.libelle if connue else code
