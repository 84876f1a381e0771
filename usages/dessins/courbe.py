"""La courbe d'un chiffre : ses périodes, sa cible, et ce qui vient s'il continue ainsi. Module pur.

Abscisses en pour cent de la largeur, une période par cran, la prévision à la suite ; ordonnées en pixels, vers le bas,
depuis zéro. Un trou coupe le trait.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from usages.calculs import reperes
from usages.calculs.periodes import Periode
from usages.calculs.prevision_usage import HORIZON, Prevision
from usages.dessins.commun import nom_court, plafond, troncons

HAUT, BAS, HAUTEUR = 22.0, 128.0, 154
GAUCHE, DROITE = 3.0, 95.0
ETIQUETTES, ETIQUETTES_ETROITES = 5, 3
"""Périodes nommées sous l'axe : sur un écran large, sur un téléphone."""


@dataclass(frozen=True, slots=True)
class Point:
    """Une période posée ; `provisoire` : pas encore transmis."""

    x: float
    y: float
    nom: str
    valeur: str
    provisoire: bool = False


@dataclass(frozen=True, slots=True)
class Etiquette:
    """Un nom sous l'axe ; `quand` : « toujours », ou « large » s'il n'y a la place que sur un grand écran."""

    x: float
    nom: str
    quand: str
    ancre: str


@dataclass(frozen=True, slots=True)
class Rang:
    """Une ligne de la table : la période, le chiffre, de quoi il est fait, ou pourquoi il manque."""

    periode: str
    valeur: str
    detail: str
    prevu: bool = False


@dataclass(frozen=True, slots=True)
class Entree:
    """Ce qu'on donne d'une période : le chiffre (None s'il manque), son détail (« 30 sur 40 », « non mesurable »)."""

    periode: Periode
    valeur: float | None
    detail: str = ""
    provisoire: bool = False


@dataclass(frozen=True, slots=True)
class Courbe:
    """Ce que le gabarit attend."""

    points: tuple[Point, ...]
    segments: tuple[tuple[Point, Point], ...]
    prevus: tuple[Point, ...]
    suite: tuple[tuple[Point, Point], ...]
    cible_y: float | None
    cible: str
    reperes: tuple[tuple[float, str], ...]
    etiquettes: tuple[Etiquette, ...]
    rangs: tuple[Rang, ...]
    phrase: str
    hauteur: int = HAUTEUR

    @property
    def se_trace(self) -> bool:
        """Il y a de quoi dessiner : deux points."""
        return len(self.points) > 1

    @property
    def dernier(self) -> Point | None:
        """Le dernier chiffre connu."""
        return self.points[-1] if self.points else None


def abscisse(rang: int, crans: int) -> float:
    """Où se pose ce cran, en pour cent de la largeur."""
    return round(GAUCHE + (DROITE - GAUCHE) * rang / max(crans - 1, 1), 2)


def poser_noms(noms: Sequence[str], crans: int) -> tuple[Etiquette, ...]:
    """Les noms sous l'axe : de la dernière période connue vers la première, à pas égaux."""
    dernier = len(noms) - 1
    pas, pas_etroit = -(-len(noms) // ETIQUETTES), -(-len(noms) // ETIQUETTES_ETROITES)
    # Les larges sont un multiple des étroites : ce qui tient au téléphone tient partout.
    pas_etroit = -(-pas_etroit // pas) * pas
    return tuple(
        Etiquette(
            abscisse(rang, crans),
            nom,
            "toujours" if (dernier - rang) % pas_etroit == 0 else "large",
            "start" if rang == 0 else "middle",
        )
        for rang, nom in enumerate(noms)
        if (dernier - rang) % pas == 0
    )


def _phrase(forme: str, entrees: Sequence[Entree], cible: float | None) -> str:
    connues = [e for e in entrees if e.valeur is not None]
    if not connues:
        return "Pas encore de chiffre sur cette période."
    derniere = connues[-1]
    mots = f"{reperes.dire(forme, derniere.valeur)} en {derniere.periode.nom}"
    if len(connues) > 1:
        mots = f"de {reperes.dire(forme, connues[0].valeur)} en {connues[0].periode.nom} à {mots}"
    fin = f", cible {reperes.dire(forme, cible)}" if cible is not None else ""
    return f"{mots[0].upper()}{mots[1:]}{fin}."


def dessiner(
    forme: str, entrees: Sequence[Entree], *, cible: float | None = None, prevision: Prevision | None = None
) -> Courbe:
    """La courbe de ces périodes, dans l'ordre donné, puis la prévision s'il y en a une."""
    prevues = prevision.valeurs if prevision else ()
    crans = len(entrees) + (HORIZON if prevues else 0)
    haut = plafond(forme, [*(e.valeur for e in entrees), *prevues, cible])

    def y(valeur: float) -> float:
        return round(BAS - (BAS - HAUT) * valeur / haut, 1)

    poses: list[Point | None] = [
        None
        if e.valeur is None
        else Point(abscisse(rang, crans), y(e.valeur), e.periode.nom, reperes.dire(forme, e.valeur), e.provisoire)
        for rang, e in enumerate(entrees)
    ]
    points = tuple(p for p in poses if p is not None)
    suivante, a_venir = entrees[-1].periode if entrees else None, []
    for _ in prevues:
        suivante = suivante.suivante() if suivante else None
        a_venir.append(suivante)
    prevus = tuple(
        Point(abscisse(len(entrees) + rang, crans), y(v), p.nom if p else "", reperes.dire(forme, v))
        for rang, (v, p) in enumerate(zip(prevues, a_venir, strict=True))
    )
    return Courbe(
        points=points,
        segments=tuple(s for suite in troncons(poses) for s in pairwise(suite)),
        prevus=prevus,
        suite=tuple(pairwise((points[-1], *prevus))) if points and prevus else (),
        cible_y=None if cible is None else y(cible),
        cible=reperes.dire(forme, cible),
        reperes=tuple((y(haut * part), reperes.dire(forme, haut * part)) for part in (0.0, 0.5, 1.0)),
        etiquettes=poser_noms([nom_court(e.periode) for e in entrees], crans),
        rangs=(
            *(Rang(e.periode.nom, reperes.dire(forme, e.valeur), e.detail) for e in entrees),
            *(Rang(p.nom, p.valeur, "prévision", True) for p in prevus),
        ),
        phrase=_phrase(forme, entrees, cible),
    )
