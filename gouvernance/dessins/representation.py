"""Qui représente qui, en un coup d'œil : les organismes en lignes, les catégories en colonnes, un point par ESMS.

Plein : quelqu'un parle pour lui ; creux : personne. La forme change avec le remplissage, et les nombres sont écrits.
Module pur.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from gouvernance.calculs.representation import SANS_OG, Engage
from programme.socle.nombres import accorde

PAS = 14
"""Unités d'un point au suivant."""
PAR_RANG = 6


@dataclass(frozen=True, slots=True)
class Point:
    """Un ESMS : son centre, et s'il est représenté."""

    x: int
    y: int
    plein: bool


@dataclass(frozen=True, slots=True)
class Case:
    """Les ESMS d'un organisme dans une catégorie, s'il en a ; `sans` : combien que personne ne représente."""

    categorie: str
    points: tuple[Point, ...]
    nombre: int
    sans: int
    largeur: int
    hauteur: int

    @property
    def court(self) -> str:
        """« 3 », « 1 sur 3 sans personne » : ce que la case écrit."""
        if not self.sans:
            return str(self.nombre)
        if self.sans == self.nombre:
            return "sans personne" if self.nombre == 1 else f"{self.nombre} sans personne"
        return f"{self.sans} sur {self.nombre} sans personne"

    @property
    def phrase(self) -> str:
        """« 3 ESMS, dont 1 que personne ne représente »."""
        dits = accorde(self.nombre, "ESMS,ESMS")
        if not self.sans:
            return f"{dits}, {'représenté' if self.nombre == 1 else 'tous représentés'}"
        if self.sans == self.nombre:
            return f"{dits}, que personne ne représente"
        return f"{dits}, dont {self.sans} que personne ne représente"


@dataclass(frozen=True, slots=True)
class Rangee:
    """Un organisme gestionnaire et une case par catégorie."""

    nom: str
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Dessin:
    """Ce que le gabarit attend."""

    categories: tuple[str, ...]
    rangees: tuple[Rangee, ...]
    nombre: int
    sans: int

    @property
    def phrase(self) -> str:
        """Le dessin en une ligne."""
        if not self.sans:
            return f"{accorde(self.nombre, 'ESMS,ESMS')} : chacun a quelqu'un qui parle pour lui."
        return f"{accorde(self.nombre - self.sans, 'représenté')} sur {accorde(self.nombre, 'ESMS,ESMS')}."


def _case(categorie: str, lot: Sequence[Engage], representes: Collection[int]) -> Case:
    # Les points creux d'abord : c'est ce qu'on cherche.
    pleins = sorted(e.cle in representes for e in lot)
    points = tuple(
        Point(PAS // 2 + PAS * (rang % PAR_RANG), PAS // 2 + PAS * (rang // PAR_RANG), plein)
        for rang, plein in enumerate(pleins)
    )
    rangs = -(-len(lot) // PAR_RANG)
    return Case(categorie, points, len(lot), pleins.count(False), PAS * min(len(lot), PAR_RANG), PAS * rangs)


def dessiner(engages: Sequence[Engage], representes: Collection[int]) -> Dessin:
    """Le dessin de ces ESMS ; `representes` : les clés de ceux pour qui quelqu'un parle."""
    categories = tuple(sorted({e.categorie_nom for e in engages}))
    lots: dict[str, dict[str, list[Engage]]] = {}
    for engage in engages:
        lots.setdefault(engage.og_nom or SANS_OG, {}).setdefault(engage.categorie_nom, []).append(engage)
    rangees = tuple(
        Rangee(nom, tuple(_case(c, lots[nom].get(c, []), representes) for c in categories)) for nom in sorted(lots)
    )
    sans = sum(e.cle not in representes for e in engages)
    return Dessin(categories, rangees, len(engages), sans)
