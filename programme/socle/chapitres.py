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
    """De quelle grappe, pour qui (ce qu'il voit), à quelle date ; `depuis` : la séance d'avant, s'il y en a une.

    `seance` : celle qu'on prépare. Tous ses membres liront le dossier : un chapitre y met ce qui se dit devant eux, et
    non tout ce que lit `par`.
    """

    grappe: Any
    par: Any
    au: date
    depuis: date | None = None
    seance: Any = None


Batir = Callable[[Demande], list[Bloc]]
Avancer = Callable[[int, int, str], None]


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


def en_dict(code: str, titre: str, blocs: list[Bloc]) -> dict[str, Any]:
    """Un chapitre bâti, en JSON simple."""
    return {"code": code, "titre": titre, "blocs": [asdict(b) for b in blocs]}


def assembler(demande: Demande, avancer: Avancer | None = None) -> list[dict[str, Any]]:
    """Les chapitres, en JSON simple : `{code, titre, blocs: [{genre, …}]}` ; ceux qui n'ont rien à dire sont omis.

    `avancer(fait, total, titre)` : appelé avant chacun, pour qui attend.
    """
    rendus = []
    ranges = sorted(chapitres, key=lambda c: c.rang)
    for fait, c in enumerate(ranges):
        if avancer:
            avancer(fait, len(ranges), c.titre)
        if blocs := c.batir(demande):
            rendus.append(en_dict(c.code, c.titre, blocs))
    return rendus
