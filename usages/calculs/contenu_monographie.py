"""Ce que contient une monographie, en données : tableaux, figures, prose telle qu'on l'a tapée, photos par leur clé.

Une édition le garde en JSON. Ni un verbatim ni une image n'y sont : ils se résolvent au moment de rendre, ou pas.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

Ligne = tuple[str, ...]
Fait = tuple[str, str]
"""Un nom, et sa valeur."""


@dataclass(frozen=True, slots=True)
class Tableau:
    """Un tableau ; la première colonne nomme la ligne. `note` : comment le lire."""

    titre: str
    entetes: Ligne
    lignes: tuple[Ligne, ...]
    note: str = ""

    @property
    def rangees(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Chaque ligne : ce qui la nomme, puis ses cases, chacune avec le nom de sa colonne."""
        return [(ligne[0], list(zip(self.entetes[1:], ligne[1:], strict=True))) for ligne in self.lignes]

    @classmethod
    def depuis(cls, donnees: Mapping[str, Any]) -> "Tableau":
        """Relu de ses données."""
        return cls(
            donnees["titre"],
            tuple(donnees["entetes"]),
            tuple(tuple(ligne) for ligne in donnees["lignes"]),
            donnees["note"],
        )


@dataclass(frozen=True, slots=True)
class Part:
    """Un morceau d'une barre : ce qu'il est (`ton`), sa longueur de 0 à 1, ce qu'on écrit dessus."""

    ton: str
    longueur: float
    dit: str


@dataclass(frozen=True, slots=True)
class Barre:
    """Une barre, ses morceaux bout à bout ; `groupe` : ce qui réunit plusieurs barres. `dit` : au bout."""

    groupe: str
    nom: str
    parts: tuple[Part, ...]
    dit: str

    @property
    def posees(self) -> list[tuple[str, str, str]]:
        """Chaque morceau : son ton, où il commence et sa longueur, en attributs SVG (« 37.5% »)."""
        posees, x = [], 0.0
        for part in self.parts:
            posees.append((part.ton, f"{x * 100:.1f}%", f"{part.longueur * 100:.1f}%"))
            x += part.longueur
        return posees

    @classmethod
    def depuis(cls, donnees: Mapping[str, Any]) -> "Barre":
        """Relue de ses données."""
        return cls(donnees["groupe"], donnees["nom"], tuple(Part(**p) for p in donnees["parts"]), donnees["dit"])


@dataclass(frozen=True, slots=True)
class Figure:
    """Des barres, la phrase qui les dit à qui ne les voit pas, et leur tableau. `legende` : (ton, mot)."""

    titre: str
    phrase: str
    barres: tuple[Barre, ...]
    legende: tuple[tuple[str, str], ...]
    tableau: Tableau

    @classmethod
    def depuis(cls, donnees: Mapping[str, Any]) -> "Figure":
        """Relue de ses données."""
        return cls(
            donnees["titre"],
            donnees["phrase"],
            tuple(Barre.depuis(b) for b in donnees["barres"]),
            tuple((ton, mot) for ton, mot in donnees["legende"]),
            Tableau.depuis(donnees["tableau"]),
        )


@dataclass(frozen=True, slots=True)
class Section:
    """Une section. `texte` : la prose, ses `@verbatim` compris ; `photos` : leurs clés."""

    code: str
    titre: str
    faits: tuple[Fait, ...] = ()
    tableaux: tuple[Tableau, ...] = ()
    figures: tuple[Figure, ...] = ()
    texte: str = ""
    photos: tuple[int, ...] = ()

    @property
    def est_vide(self) -> bool:
        """Vrai si elle n'a rien à montrer."""
        return not (self.faits or self.tableaux or self.figures or self.texte.strip() or self.photos)

    @classmethod
    def depuis(cls, donnees: Mapping[str, Any]) -> "Section":
        """Relue de ses données."""
        return cls(
            donnees["code"],
            donnees["titre"],
            tuple((nom, valeur) for nom, valeur in donnees["faits"]),
            tuple(Tableau.depuis(t) for t in donnees["tableaux"]),
            tuple(Figure.depuis(f) for f in donnees["figures"]),
            donnees["texte"],
            tuple(donnees["photos"]),
        )


@dataclass(frozen=True, slots=True)
class Contenu:
    """Toute la monographie. `reperes` : ce que dit la couverture ; `sigles` : (sigle, sens), sans ceux sans sens.

    `a_voir` : ce qu'un brouillon signale à l'équipe, et qu'une édition ne montre pas.
    """

    titre: str
    sous_titre: str
    esms: str
    etude: str
    reperes: tuple[Fait, ...]
    sections: tuple[Section, ...]
    sigles: tuple[Fait, ...] = ()
    a_voir: tuple[str, ...] = ()

    def en_donnees(self) -> dict[str, Any]:
        """En JSON simple ; `depuis` le relit."""
        return asdict(self)

    @classmethod
    def depuis(cls, donnees: Mapping[str, Any]) -> "Contenu":
        """Le contenu qu'`en_donnees` a écrit, relu d'une base ou non."""
        return cls(
            donnees["titre"],
            donnees["sous_titre"],
            donnees["esms"],
            donnees["etude"],
            tuple((nom, valeur) for nom, valeur in donnees["reperes"]),
            tuple(Section.depuis(s) for s in donnees["sections"]),
            tuple((sigle, sens) for sigle, sens in donnees["sigles"]),
            tuple(donnees["a_voir"]),
        )
