"""Les chapitres d'un dossier de séance : chaque app inscrit les siens, le dossier les assemble sans les connaître.

Un chapitre rend des blocs de texte simple : la page, le PDF et le DOCX montrent donc les mêmes chiffres.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from programme.socle.registres import Registre


@dataclass(frozen=True, slots=True)
class Texte:
    """Un paragraphe."""

    texte: str
    genre: str = "texte"


@dataclass(frozen=True, slots=True)
class Chiffres:
    """Quelques chiffres à lire d'abord : (libellé, valeur en mots)."""

    valeurs: tuple[tuple[str, str], ...]
    genre: str = "chiffres"


@dataclass(frozen=True, slots=True)
class Tableau:
    """Un tableau de mots ; `vide` se dit quand il n'a aucune ligne. `titre` lui sert de légende."""

    titre: str
    colonnes: tuple[str, ...]
    lignes: tuple[tuple[str, ...], ...]
    vide: str = ""
    genre: str = "tableau"


Bloc = Texte | Chiffres | Tableau


@dataclass(frozen=True, slots=True)
class Demande:
    """De quelle grappe, pour qui (ce qu'il voit), à quelle date ; `depuis` : la séance d'avant, s'il y en a une."""

    grappe: Any
    par: Any
    au: date
    depuis: date | None = None


Batir = Callable[[Demande], list[Bloc]]


@dataclass(frozen=True, slots=True)
class Chapitre:
    """Un chapitre : son titre, sa place (le plus petit `rang` d'abord), de quoi le faire. À requêtes constantes."""

    code: str
    titre: str
    rang: int
    batir: Batir


chapitres: Registre[Chapitre] = Registre("chapitres")


def inscrire(code: str, titre: str, rang: int) -> Callable[[Batir], Batir]:
    """Décore une fonction qui bâtit un chapitre ; à écrire dans le `chapitres.py` de l'app."""

    def decorer(batir: Batir) -> Batir:
        chapitres.inscrire(code, Chapitre(code, titre, rang, batir))
        return batir

    return decorer


def assembler(demande: Demande) -> list[dict[str, Any]]:
    """Les chapitres, en JSON simple : `{code, titre, blocs: [{genre, …}]}` ; ceux qui n'ont rien à dire sont omis."""
    rendus = [(c, c.batir(demande)) for c in sorted(chapitres, key=lambda c: c.rang)]
    return [{"code": c.code, "titre": c.titre, "blocs": [asdict(b) for b in blocs]} for c, blocs in rendus if blocs]
