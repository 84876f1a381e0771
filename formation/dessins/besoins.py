"""Les barres des besoins : une par module, large comme ce qu'il reste à former. Module pur."""

from collections.abc import Iterable
from dataclasses import dataclass

from programme.socle.nombres import accorde


@dataclass(frozen=True, slots=True)
class Segment:
    """Un morceau de barre : sa sorte (inscrits, places, ailleurs ou manque), où il commence, sa largeur, de 0 à 1."""

    sorte: str
    debut: float
    largeur: float


@dataclass(frozen=True, slots=True)
class Barre:
    """La barre d'un module : `phrase` dit la même chose en mots."""

    nom: str
    segments: tuple[Segment, ...]
    phrase: str


@dataclass(frozen=True, slots=True)
class Mesure:
    """Ce qu'une barre montre d'un module, en personnes."""

    nom: str
    reste: int
    inscrits: int
    manque: int


def _segments(mesure: Mesure, echelle: int) -> Iterable[Segment]:
    places = max(0, mesure.reste - mesure.inscrits - mesure.manque)
    debut = 0.0
    for sorte, nombre in (("inscrits", mesure.inscrits), ("places", places), ("manque", mesure.manque)):
        if nombre:
            yield Segment(sorte, debut, nombre / echelle)
            debut += nombre / echelle


def _phrase(mesure: Mesure) -> str:
    if not mesure.reste:
        return "tout le monde est formé"
    if not mesure.manque:
        return f"{accorde(mesure.reste, 'personne')} à former, une place pour chacune"
    manque = accorde(mesure.manque, "place manque,places manquent")
    return f"{accorde(mesure.reste, 'personne')} à former, {manque}"


def barres(mesures: Iterable[Mesure]) -> list[Barre]:
    """Une barre par module, à la même échelle : la plus longue remplit la largeur."""
    toutes = list(mesures)
    echelle = max((m.reste for m in toutes), default=0) or 1
    return [Barre(m.nom, tuple(_segments(m, echelle)), _phrase(m)) for m in toutes]
