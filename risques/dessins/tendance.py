"""La tendance d'un total au fil des évaluations, sur l'échelle entière, jamais rognée. Module pur.

Abscisses en pourcentage de la largeur (le temps est proportionnel), ordonnées en pixels, vers le bas.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from programme.socle.dates import date_courte
from programme.socle.nombres import nombre
from risques.dessins.commun import arrondi, ecart_signe

HAUT, BAS = 24, 204
"""Ordonnées du plus grand et du plus petit total."""
HAUTEUR = 232
GAUCHE, DROITE = 6.0, 94.0
REPERES = 4
"""Intervalles entre deux repères de l'échelle."""
_DATE, _DATE_ETROITE, _VALEUR, _VALEUR_ETROITE = 15.0, 34.0, 6.0, 12.0
"""Largeur d'une date et d'un total écrits (en % de celle du dessin), sur un écran large, sur un téléphone."""
_BORD = 20.0
"""En deçà de cet écart au bord, une date s'écrit vers l'intérieur."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Ce qu'on donne : un jour, un total, ce que c'était (« Démarrage »)."""

    jour: date
    total: float
    nom: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """Un total posé. `date`, `valeur` : quand les écrire : « toujours », « large » (écran large), ou rien."""

    x: float
    y: float
    jour: str
    total: str
    ancre: str
    date: str
    valeur: str


@dataclass(frozen=True, slots=True)
class Segment:
    """Un trait d'un point au suivant."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Rang:
    """Une évaluation en lettres, et ce qui a changé depuis la précédente."""

    jour: str
    nom: str
    total: str
    ecart: str


@dataclass(frozen=True, slots=True)
class Tendance:
    """Ce que le gabarit attend. Sans courbe (moins de deux points), `phrase` dit tout."""

    titre: str
    note: str
    phrase: str
    points: tuple[Point, ...]
    segments: tuple[Segment, ...]
    reperes: tuple[tuple[float, str], ...]
    rangs: tuple[Rang, ...]
    hauteur: int = HAUTEUR

    @property
    def courbe(self) -> bool:
        """Il y a de quoi tracer."""
        return len(self.points) > 1


def _y(total: float, minimum: float, maximum: float) -> float:
    return round(BAS - (total - minimum) * (BAS - HAUT) / (maximum - minimum), 1)


def _abscisses(jours: Sequence[date]) -> list[float]:
    premier, duree = jours[0], (jours[-1] - jours[0]).days
    if not duree:
        return [round((GAUCHE + DROITE) / 2, 2)] * len(jours)
    return [round(GAUCHE + (j - premier).days * (DROITE - GAUCHE) / duree, 2) for j in jours]


def _ancre(x: float) -> str:
    return "start" if x < _BORD else "end" if x > 100 - _BORD else "middle"


def place(x: float, largeur: float, ancre: str) -> tuple[float, float]:
    """Ce qu'un mot de cette largeur occupe."""
    debut = {"start": x, "middle": x - largeur / 2, "end": x - largeur}[ancre]
    return debut, debut + largeur


def _ecrits(xs: Sequence[float], ancres: Sequence[str], largeur: float) -> set[int]:
    """Les rangs dont le mot tient sans en toucher un autre : le dernier, puis le premier, puis de droite à gauche."""
    gardes: dict[int, tuple[float, float]] = {}
    for rang in dict.fromkeys((len(xs) - 1, 0, *range(len(xs) - 2, 0, -1))):
        debut, fin = place(xs[rang], largeur, ancres[rang])
        if all(fin <= d or debut >= f for d, f in gardes.values()):
            gardes[rang] = (debut, fin)
    return set(gardes)


def _quand(rang: int, toujours: set[int], large: set[int]) -> str:
    return "toujours" if rang in toujours else "large" if rang in large else ""


def _points(evaluations: Sequence[Evaluation], minimum: float, maximum: float) -> tuple[Point, ...]:
    xs = _abscisses([e.jour for e in evaluations])
    # Ce qui tient sur un téléphone tient partout : l'écran large n'en écrit que plus.
    ancres, milieux = [_ancre(x) for x in xs], ["middle"] * len(xs)
    dates, dates_larges = _ecrits(xs, ancres, _DATE_ETROITE), _ecrits(xs, ancres, _DATE)
    valeurs, valeurs_larges = _ecrits(xs, milieux, _VALEUR_ETROITE), _ecrits(xs, milieux, _VALEUR)
    return tuple(
        Point(
            x,
            _y(e.total, minimum, maximum),
            date_courte(e.jour),
            nombre(arrondi(e.total)),
            ancres[rang],
            _quand(rang, dates, dates_larges),
            _quand(rang, valeurs, valeurs_larges),
        )
        for rang, (x, e) in enumerate(zip(xs, evaluations, strict=True))
    )


def _phrase(evaluations: Sequence[Evaluation], maximum: float) -> str:
    if not evaluations:
        return "Pas encore d’évaluation : la tendance se lira à partir de deux."
    derniere = evaluations[-1]
    total = f"{nombre(arrondi(derniere.total))} sur {nombre(maximum)}"
    if len(evaluations) == 1:
        return f"Une seule évaluation, le {date_courte(derniere.jour)} : {total}. La tendance se lira à la prochaine."
    premiere = evaluations[0]
    ecart = ecart_signe(premiere.total, derniere.total)
    depuis = f"depuis le {date_courte(premiere.jour)}"
    change = f"inchangé {depuis}" if ecart == "0" else f"{ecart} {depuis}"
    return f"{total} le {date_courte(derniere.jour)}, {change}."


def dessiner(
    evaluations: Sequence[Evaluation],
    *,
    titre: str = "Tendance",
    minimum: float = 100,
    maximum: float = 1000,
    note: str = "",
) -> Tendance:
    """La courbe de ces évaluations, remises dans l'ordre des jours, sur l'échelle de `minimum` à `maximum`.

    `ValueError` : une échelle vide, ou un total qui en sort.
    """
    if minimum >= maximum:
        raise ValueError("L’échelle est vide : le minimum doit être sous le maximum.")
    rangees = sorted(evaluations, key=lambda e: e.jour)
    for e in rangees:
        if not minimum <= e.total <= maximum:
            raise ValueError(f"Le total du {date_courte(e.jour)}, {e.total}, sort de l’échelle.")
    points = _points(rangees, minimum, maximum) if len(rangees) > 1 else ()
    paliers = [minimum + (maximum - minimum) * i / REPERES for i in range(REPERES + 1)]
    return Tendance(
        titre=titre,
        note=note,
        phrase=_phrase(rangees, maximum),
        points=points,
        segments=tuple(Segment(a.x, a.y, b.x, b.y) for a, b in pairwise(points)),
        reperes=tuple((_y(v, minimum, maximum), nombre(arrondi(v))) for v in paliers),
        rangs=tuple(
            Rang(date_courte(e.jour), e.nom, nombre(arrondi(e.total)), ecart_signe(avant, e.total))
            for avant, e in zip([None, *(e.total for e in rangees)], rangees, strict=False)
        ),
    )
