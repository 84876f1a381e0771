"""La dispersion des réponses : une bande par question, un point par évaluateur, l'étendue avant la moyenne. Module pur.

Abscisses en pourcentage de la largeur, de `GAUCHE` (bas de l'échelle) à `DROITE` ; ordonnées en pixels.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

from programme.socle.nombres import ABSENT, accorde, nombre
from risques.dessins.commun import CARRE, CROIX, LOSANGE, POINTE_EN_BAS, ROND, TRIANGLE
from risques.enums import Regard

GAUCHE, DROITE = 3.0, 97.0
MILIEU, PAS, HAUTEUR = 22, 11, 60
"""Ordonnée d'un point seul, écart entre deux points de même note, hauteur d'une bande (pixels)."""
EMPILE = 30
"""Hauteur que prennent au plus des points de même note (pixels) : au-delà ils se serrent, aucun ne disparaît."""
GRADUATIONS = 10
"""Au-delà de ce nombre de valeurs, l'échelle ne montre que ses bouts et son milieu."""

D_ACCORD, PROCHES, PARTAGES, OPPOSES = "d’accord", "proches", "divisés", "opposés"
SEUILS = ((0.12, D_ACCORD), (0.34, PROCHES), (0.6, PARTAGES))
"""L'étendue rapportée à l'échelle, et son mot : sur 1 à 10, un cran d'écart, trois, cinq, davantage."""

FORMES = {
    Regard.PROJET: ROND,
    Regard.DIRECTION: CARRE,
    Regard.CODIR: LOSANGE,
    Regard.TERRAIN: TRIANGLE,
    Regard.NUMERIQUE: POINTE_EN_BAS,
    Regard.AUTRE: CROIX,
}


@dataclass(frozen=True, slots=True)
class Evaluateur:
    """Qui a répondu : comment on le nomme (un rôle, pas une personne), et à quel titre."""

    nom: str
    regard: Regard


@dataclass(frozen=True, slots=True)
class QuestionLue:
    """Une question : son code, son texte, son échelle, une note par évaluateur (None : pas de réponse).

    `mot` : celui de la dispersion, s'il est déjà calculé ailleurs.
    """

    code: str
    texte: str
    notes: tuple[float | None, ...]
    minimum: float = 1
    maximum: float = 10
    mot: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """Une note posée : sa forme dit le regard."""

    x: float
    y: float
    forme: str
    regard: str
    phrase: str


@dataclass(frozen=True, slots=True)
class Bande:
    """Une question dessinée. `etendue` : (début, largeur) ; `graduations` : (x, mot) ; `reponses` : (qui, note)."""

    code: str
    texte: str
    url: str
    graduations: tuple[tuple[float, str], ...]
    points: tuple[Point, ...]
    etendue: tuple[float, float] | None
    mediane_x: float | None
    mot: str
    ecart: bool
    etendue_mots: str
    mediane: str
    moyenne: str
    reponses: tuple[tuple[str, str], ...]
    phrase: str


@dataclass(frozen=True, slots=True)
class Dispersion:
    """Ce que le gabarit attend : des bandes dans l'ordre donné, la légende des regards présents."""

    titre: str
    note: str
    evaluateurs: tuple[Evaluateur, ...]
    legende: tuple[tuple[str, str], ...]
    bandes: tuple[Bande, ...]
    phrase: str
    hauteur: int = HAUTEUR


def mot_de(notes: Sequence[float], minimum: float, maximum: float) -> str:
    """Le mot de l'étendue de ces notes ; une seule ne se disperse pas."""
    if len(notes) < 2:
        return "une seule réponse" if notes else "sans réponse"
    part = (max(notes) - min(notes)) / (maximum - minimum)
    return next((mot for seuil, mot in SEUILS if part <= seuil), OPPOSES)


def _x(note: float, q: QuestionLue) -> float:
    return round(GAUCHE + (note - q.minimum) * (DROITE - GAUCHE) / (q.maximum - q.minimum), 2)


def _chiffre(valeur: float | None) -> str:
    if valeur is None:
        return ABSENT
    return nombre(valeur, 0 if float(valeur).is_integer() else 1)


def _graduations(q: QuestionLue) -> tuple[tuple[float, str], ...]:
    crans = round(q.maximum - q.minimum)
    entieres = float(q.maximum - q.minimum).is_integer() and crans < GRADUATIONS
    valeurs = [q.minimum, (q.minimum + q.maximum) / 2, q.maximum]
    if entieres:
        valeurs = [q.minimum + i for i in range(crans + 1)]
    return tuple((_x(v, q), _chiffre(v)) for v in valeurs)


def _y(etage: int, nb: int) -> float:
    """Empilés autour du milieu, d'autant plus serrés qu'ils sont nombreux."""
    pas = min(PAS, EMPILE / max(nb - 1, 1))
    return round(MILIEU + (etage - (nb - 1) / 2) * pas, 1)


def _points(q: QuestionLue, evaluateurs: Sequence[Evaluateur]) -> tuple[Point, ...]:
    combien, poses = Counter(q.notes), Counter[float]()
    rendu = []
    for note, e in zip(q.notes, evaluateurs, strict=True):
        if note is None:
            continue
        y = _y(poses[note], combien[note])
        poses[note] += 1
        rendu.append(Point(_x(note, q), y, FORMES[e.regard], e.regard.value, f"{e.nom} : {_chiffre(note)}"))
    return tuple(rendu)


def _bande(q: QuestionLue, evaluateurs: Sequence[Evaluateur]) -> Bande:
    notes = [n for n in q.notes if n is not None]
    mot = q.mot or mot_de(notes, q.minimum, q.maximum)
    bas, haut = min(notes, default=None), max(notes, default=None)
    milieu, moyenne = (median(notes), fmean(notes)) if notes else (None, None)
    etendue_mots = f"de {_chiffre(bas)} à {_chiffre(haut)}" if bas != haut else f"tous à {_chiffre(bas)}"
    if len(notes) < 2:
        etendue_mots = _chiffre(bas) if notes else ""
    return Bande(
        code=q.code,
        texte=q.texte,
        url=q.url,
        graduations=_graduations(q),
        points=_points(q, evaluateurs),
        etendue=None if bas is None or haut is None else (_x(bas, q), round(_x(haut, q) - _x(bas, q), 2)),
        mediane_x=None if milieu is None or len(notes) < 2 else _x(milieu, q),
        mot=mot,
        ecart=mot in (PARTAGES, OPPOSES),
        etendue_mots=etendue_mots,
        mediane=_chiffre(milieu),
        moyenne=_chiffre(None if moyenne is None else round(moyenne, 1)),
        reponses=tuple((e.nom, _chiffre(n)) for e, n in zip(evaluateurs, q.notes, strict=True)),
        phrase=f"{mot}, {etendue_mots}, médiane {_chiffre(milieu)}" if len(notes) > 1 else mot,
    )


def _phrase(bandes: Sequence[Bande]) -> str:
    """Combien de questions, et sur combien les avis s'écartent."""
    comptes = Counter(b.mot for b in bandes)
    ecarts = [f"{mot} sur {nombre(comptes[mot])}" for mot in (OPPOSES, PARTAGES) if comptes[mot]]
    suite = f" : des avis {' et '.join(ecarts)}" if ecarts else ""
    return f"{accorde(len(bandes), 'question')}{suite}."


def dessiner(
    questions: Sequence[QuestionLue], evaluateurs: Sequence[Evaluateur], *, titre: str = "Dispersion", note: str = ""
) -> Dispersion:
    """Les bandes de ces questions, pour ces évaluateurs, dans l'ordre donné.

    `ValueError` : une échelle vide, un nombre de notes faux, une note hors de l'échelle.
    """
    for q in questions:
        if q.minimum >= q.maximum:
            raise ValueError(f"La question {q.code} a une échelle vide.")
        if len(q.notes) != len(evaluateurs):
            raise ValueError(f"La question {q.code} a {len(q.notes)} notes pour {len(evaluateurs)} évaluateurs.")
        if any(n is not None and not q.minimum <= n <= q.maximum for n in q.notes):
            raise ValueError(f"La question {q.code} a une note hors de son échelle.")
    bandes = tuple(_bande(q, evaluateurs) for q in questions)
    presents = {e.regard for e in evaluateurs}
    legende = tuple((FORMES[r], str(r.label)) for r in Regard if r in presents)
    return Dispersion(titre, note, tuple(evaluateurs), legende, bandes, _phrase(bandes))
