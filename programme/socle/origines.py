"""D'où vient une action : chaque app inscrit ses origines, le tronc les nomme et y ramène sans les connaître."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from programme.socle.registres import Registre


@dataclass(frozen=True, slots=True)
class Source:
    """L'objet d'où vient une action, en mots, et sa page (vide s'il n'en a pas)."""

    texte: str
    url: str = ""


Presenter = Callable[[Any, Any], Source | None]


@dataclass(frozen=True)
class Origine:
    """Une origine : son mot à l'écran, et comment montrer l'objet d'où l'on vient.

    `presenter(objet, lecteur)` rend None si le lecteur ne voit pas cet objet : l'action, elle, reste lisible.
    """

    code: str
    libelle: str
    presenter: Presenter | None = None


origines: Registre[Origine] = Registre("origines")


def inscrire(code: str, libelle: str, presenter: Presenter | None = None) -> Origine:
    """Inscrit une origine ; à appeler depuis le `origines.py` de l'app, que le socle découvre."""
    return origines.inscrire(code, Origine(code, libelle, presenter))


def choix() -> list[tuple[str, str]]:
    """Les origines connues (code, mot), pour un menu."""
    return [(origine.code, origine.libelle) for origine in origines]


def libelle_de(code: str) -> str:
    """Le mot d'une origine ; son code si l'app qui l'inscrivait n'est plus là."""
    connue = origines.get(code)
    return connue.libelle if connue else code
