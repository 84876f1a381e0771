"""Les barres des besoins : une par module, large comme ce qu'il reste à former. Module pur."""

from collections.abc import Iterable
from dataclasses import dataclass

from programme.socle.nombres import accorde


@dataclass(frozen=True, slots=True)
class Segment:
    """Un morceau de barre : sa sorte (inscrits, places, manque, sans-session), où il commence, sa largeur, de 0 à 1."""

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
    """Ce qu'une barre montre d'un module, en personnes : à former, inscrites, à placer, sans place."""

    nom: str
    reste: int
    inscrits: int
    a_placer: int
    manque: int

    @property
    def sans_session(self) -> int:
        """À former, sans qu'il faille de place : à distance, entre pairs."""
        return max(0, self.reste - self.inscrits - self.a_placer)


def _segments(mesure: Mesure, echelle: int) -> Iterable[Segment]:
    sortes = {
        "inscrits": mesure.inscrits,
        "places": mesure.a_placer - mesure.manque,
        "manque": mesure.manque,
        "sans-session": mesure.sans_session,
    }
    debut = 0.0
    for sorte, nombre in sortes.items():
        if nombre > 0:
            yield Segment(sorte, debut, nombre / echelle)
            debut += nombre / echelle


def _phrase(mesure: Mesure) -> str:
    if not mesure.reste:
        return "tout le monde est formé"
    morceaux = [f"{accorde(mesure.reste, 'personne')} à former"]
    if mesure.sans_session:
        morceaux.append(f"{mesure.sans_session} sans session")
    if mesure.manque:
        morceaux.append(accorde(mesure.manque, "place manque,places manquent"))
    elif mesure.sans_session < mesure.reste:
        morceaux.append("aucune place ne manque")
    return ", ".join(morceaux)


def barres(mesures: Iterable[Mesure]) -> list[Barre]:
    """Une barre par module, à la même échelle : la plus longue remplit la largeur."""
    toutes = list(mesures)
    echelle = max((m.reste for m in toutes), default=0) or 1
    return [Barre(m.nom, tuple(_segments(m, echelle)), _phrase(m)) for m in toutes]
