"""Classer des unités par une règle gardée : des critères pesés, puis un départage dit jusqu'au bout. Module pur.

La note est sur le total des poids, en fraction exacte : deux machines rendent la même. Une note qui manque n'est pas
un zéro : l'unité n'est pas classée, et l'on dit ce qui manque. À égalité, le départage s'applique dans l'ordre ; en
dernier, l'ordre des identifiants, pour que le hasard n'y soit pour rien.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from programme.socle.nombres import accorde, liste
from usages.calculs.unites_entonnoir import Unite, Valeur, ranger


@dataclass(frozen=True, slots=True)
class Critere:
    """Un critère noté. `fait` : où lire la note ; `sur` : la plus haute ; `poids` : ce qu'elle pèse dans le total.

    Lève `ValueError` si l'un des deux n'est pas un nombre au-dessus de zéro.
    """

    fait: str
    libelle: str
    sur: int
    poids: int

    def __post_init__(self) -> None:
        """Vérifie l'échelle et le poids."""
        if self.sur <= 0 or self.poids <= 0:
            raise ValueError(f"Critère « {self.libelle} » : l'échelle et le poids sont au-dessus de zéro.")


@dataclass(frozen=True, slots=True)
class Departage:
    """Ce qui départage deux notes égales : le plus grand devant (ou le plus petit) ; un fait inconnu passe derrière."""

    fait: str
    libelle: str
    plus_petit_devant: bool = False


@dataclass(frozen=True, slots=True)
class RegleDeClassement:
    """La règle gardée. Lève `ValueError` sans critère."""

    criteres: tuple[Critere, ...]
    departages: tuple[Departage, ...] = ()

    def __post_init__(self) -> None:
        """Vérifie qu'il y a de quoi noter."""
        if not self.criteres:
            raise ValueError("Un classement demande au moins un critère.")

    @property
    def total(self) -> int:
        """La note la plus haute : la somme des poids."""
        return sum(c.poids for c in self.criteres)

    @property
    def en_clair(self) -> str:
        """La règle en une phrase, départage compris."""
        poids = liste(f"{c.libelle} ({accorde(c.poids, 'point')})" for c in self.criteres)
        puis = [*(d.libelle for d in self.departages), "ordre des identifiants"]
        return f"Note sur {self.total} : {poids}. À égalité : {', puis '.join(puis)}."

    def en_donnees(self) -> dict[str, Any]:
        """De quoi la garder en JSON."""
        return {
            "criteres": [[c.fait, c.libelle, c.sur, c.poids] for c in self.criteres],
            "departages": [[d.fait, d.libelle, d.plus_petit_devant] for d in self.departages],
        }


@dataclass(frozen=True, slots=True)
class Place:
    """Une unité classée. `departage` : ce qui l'a fait passer derrière celle d'avant, à note égale ; vide sinon."""

    unite: Unite
    rang: int
    note: Fraction
    departage: str = ""


@dataclass(frozen=True, slots=True)
class Classement:
    """Les unités de la première à la dernière, et celles qu'on ne peut pas classer, avec ce qui leur manque."""

    places: tuple[Place, ...]
    non_classees: tuple[tuple[Unite, tuple[str, ...]], ...] = ()


def classer(unites: Iterable[Unite], regle: RegleDeClassement) -> Classement:
    """Le classement de ces unités, le même quel que soit l'ordre où elles sont données.

    Lève `ValueError` pour une note illisible, ou hors de son échelle.
    """
    notees: list[tuple[Fraction, tuple[tuple[bool, Fraction], ...], Unite]] = []
    sans_note: list[tuple[Unite, tuple[str, ...]]] = []
    for unite in ranger(unites):
        notes = [(c, _note(unite, c)) for c in regle.criteres]
        if absentes := tuple(c.libelle for c, note in notes if note is None):
            sans_note.append((unite, absentes))
            continue
        total = sum((Fraction(c.poids, c.sur) * (note or 0) for c, note in notes), Fraction(0))
        notees.append((total, tuple(_cle(unite, d) for d in regle.departages), unite))
    notees.sort(key=lambda ligne: (-ligne[0], ligne[1], ligne[2].ref))
    precises = [""] + [_ce_qui_separe(avant, apres, regle) for avant, apres in pairwise(notees)]
    places = (
        Place(unite, rang, total, dit)
        for rang, ((total, _, unite), dit) in enumerate(zip(notees, precises, strict=False), start=1)
    )
    return Classement(tuple(places), tuple(sans_note))


def _note(unite: Unite, critere: Critere) -> Fraction | None:
    lu = unite.faits.get(critere.fait)
    if lu in (None, ""):
        return None
    note = _nombre(lu)
    if note is None or not 0 <= note <= critere.sur:
        raise ValueError(
            f"{unite.nom}, « {critere.libelle} » : la note va de 0 à {critere.sur}, « {lu} » n'en est pas."
        )
    return note


def _nombre(valeur: Valeur) -> Fraction | None:
    try:
        return None if valeur is None else Fraction(valeur)
    except (ValueError, ZeroDivisionError):
        return None


def _cle(unite: Unite, departage: Departage) -> tuple[bool, Fraction]:
    """De quoi trier : ce qu'on ne connaît pas passe derrière."""
    valeur = _nombre(unite.faits.get(departage.fait))
    if valeur is None:
        return True, Fraction(0)
    return False, valeur if departage.plus_petit_devant else -valeur


def _ce_qui_separe(avant: tuple[Any, ...], apres: tuple[Any, ...], regle: RegleDeClassement) -> str:
    if avant[0] != apres[0]:
        return ""
    cles = zip(regle.departages, avant[1], apres[1], strict=True)
    return next((d.libelle for d, une, autre in cles if une != autre), "ordre des identifiants")
