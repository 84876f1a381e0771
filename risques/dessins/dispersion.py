"""La dispersion des réponses : une bande par question, un point par évaluateur, l'étendue avant la moyenne. Module pur.

Abscisses en pourcentage de la largeur, de `GAUCHE` (bas de l'échelle) à `DROITE` ; ordonnées en pixels.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from programme.socle.nombres import ABSENT, accorde, nombre
from risques.calculs.dispersion import CONVERGENT, MOTS, Etalement
from risques.calculs.echelle import arrondi
from risques.dessins.commun import CARRE, CROIX, LOSANGE, POINTE_EN_BAS, ROND, TRIANGLE
from risques.enums import Regard

GAUCHE, DROITE = 3.0, 97.0
MILIEU, PAS, HAUTEUR = 22, 11, 60
"""Ordonnée d'un point seul, écart entre deux points de même note, hauteur d'une bande (pixels)."""
EMPILE = 30
"""Hauteur que prennent au plus des points de même note (pixels) : au-delà ils se serrent, aucun ne disparaît."""
GRADUATIONS = 10
"""Au-delà de ce nombre de valeurs, l'échelle ne montre que ses bouts et son milieu."""

ECARTES = tuple(mot for _, mot in reversed(MOTS) if mot not in CONVERGENT)
"""Les mots qui appellent une discussion, du plus écarté au moins écarté."""

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

    `mot` : celui de sa dispersion ; `etalement` : None s'il y a moins de deux notes (`risques.calculs.dispersion`).
    """

    code: str
    texte: str
    notes: tuple[float | None, ...]
    mot: str
    etalement: Etalement | None
    minimum: float = 1
    maximum: float = 10
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


def _x(note: float | Decimal, q: QuestionLue) -> float:
    return round(GAUCHE + (float(note) - q.minimum) * (DROITE - GAUCHE) / (q.maximum - q.minimum), 2)


def _chiffre(valeur: float | Decimal | None) -> str:
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
    e = q.etalement
    seule = next((n for n in q.notes if n is not None), None)
    milieu, moyenne = (e.mediane, Decimal(arrondi(e.moyenne * 10)) / 10) if e else (seule, seule)
    etendue_mots = _etendue_en_mots(e) if e else "" if seule is None else _chiffre(seule)
    bas, haut = (e.minimum, e.maximum) if e else (seule, seule)
    return Bande(
        code=q.code,
        texte=q.texte,
        url=q.url,
        graduations=_graduations(q),
        points=_points(q, evaluateurs),
        etendue=None if bas is None or haut is None else (_x(bas, q), round(_x(haut, q) - _x(bas, q), 2)),
        mediane_x=_x(e.mediane, q) if e else None,
        mot=q.mot,
        ecart=q.mot in ECARTES,
        etendue_mots=etendue_mots,
        mediane=_chiffre(milieu),
        moyenne=_chiffre(moyenne),
        reponses=tuple((e.nom, _chiffre(n)) for e, n in zip(evaluateurs, q.notes, strict=True)),
        phrase=f"{q.mot}, {etendue_mots}, médiane {_chiffre(milieu)}" if e else q.mot,
    )


def _etendue_en_mots(e: Etalement) -> str:
    if e.etendue:
        return f"de {_chiffre(e.minimum)} à {_chiffre(e.maximum)}"
    return f"tous à {_chiffre(e.minimum)}"


def _phrase(bandes: Sequence[Bande]) -> str:
    """Combien de questions, et sur combien les avis s'écartent."""
    comptes = Counter(b.mot for b in bandes)
    ecarts = [f"{mot} sur {nombre(comptes[mot])}" for mot in ECARTES if comptes[mot]]
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
