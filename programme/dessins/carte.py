"""La carte de France en tuiles : une case par département, l'Île-de-France en loupe, l'outre-mer en cartouche.

Module pur : de codes de département à des colonnes et des rangs, de nombres à des paliers. La disposition est dessinée
ici, d'après la place des préfectures : aucun fond de carte, aucun réseau (décision 0024).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

COTE = 40
"""Côté d'une case, en unités du dessin."""
JEU = 1.5
"""Blanc de chaque côté d'une tuile dans sa case."""
ILE_DE_FRANCE = "11"

_HEXAGONE = """
.   .   .   .   .   62  59  .   .   .   .
.   .   .   .   76  80  02  08  .   .   .
.   .   50  14  27  60  51  55  57  67  .
29  22  35  61  28  IDF 10  52  54  68  .
.   56  53  72  41  45  89  21  88  90  .
.   44  49  37  36  18  58  71  70  25  .
.   85  79  86  87  23  03  69  39  .   .
.   17  16  24  19  63  42  38  01  74  .
.   33  47  46  15  43  07  26  73  .   .
.   40  32  82  12  48  30  84  05  .   .
.   64  65  31  81  34  .   13  04  06  .
.   .   .   09  11  .   .   .   83  .   2B
.   .   .   .   66  .   .   .   .   .   2A
"""
_LOUPE = """
.   95  93  .
78  92  75  77
.   91  94  .
"""
_OUTRE_MER = """
971 972 973 974 976 975
977 978 986 987 988 .
"""
RANG_DES_CARTOUCHES = 14
COLONNE_OUTRE_MER = 5


@dataclass(frozen=True, slots=True)
class Place:
    """La case d'un département : colonne et rang (à partir de 0, le rang peut être entre deux), et son cadre."""

    colonne: int
    rang: float
    cadre: str


def _lire(dessin: str, cadre: str, colonne: int = 0, rang: float = 0) -> dict[str, Place]:
    return {
        code: Place(colonne + c, rang + r, cadre)
        for r, ligne in enumerate(dessin.split("\n")[1:-1])
        for c, code in enumerate(ligne.split())
        if code != "."
    }


_EN_HEXAGONE = _lire(_HEXAGONE, "hexagone")
PLACE_DE_LA_LOUPE = _EN_HEXAGONE.pop("IDF")
"""Où serait l'Île-de-France : la case y renvoie à la loupe."""
PLACES: dict[str, Place] = (
    _EN_HEXAGONE
    | _lire(_LOUPE, "loupe", 0, RANG_DES_CARTOUCHES)
    | _lire(_OUTRE_MER, "outre-mer", COLONNE_OUTRE_MER, RANG_DES_CARTOUCHES)
)
"""Code INSEE du département → sa case. Un code absent se lit dans la table seulement."""
LARGEUR = 11 * COTE
HAUTEUR = round((RANG_DES_CARTOUCHES + 3) * COTE) + 6


@dataclass(frozen=True, slots=True)
class Cadre:
    """Un cartouche et son nom, en unités du dessin."""

    nom: str
    x: float
    y: float
    largeur: float
    hauteur: float


CADRES = (
    Cadre("Île-de-France", 1, RANG_DES_CARTOUCHES * COTE - 4, 4 * COTE + 4, 3 * COTE + 8),
    Cadre("Outre-mer", COLONNE_OUTRE_MER * COTE - 4, RANG_DES_CARTOUCHES * COTE - 4, 6 * COTE + 3, 2 * COTE + 8),
)


@dataclass(frozen=True, slots=True)
class Tuile:
    """Une case à dessiner : coin, côté, milieu ; les coordonnées sont déjà celles du dessin."""

    code: str
    x: float
    y: float

    @property
    def cote(self) -> float:
        """Côté du carré coloré."""
        return COTE - 2 * JEU

    @property
    def milieu(self) -> float:
        """Abscisse du chiffre et du code, centrés."""
        return self.x + self.cote / 2


def tuile(code: str, place: Place) -> Tuile:
    """La tuile d'une place."""
    return Tuile(code, place.colonne * COTE + JEU, round(place.rang * COTE + JEU, 1))


def fenetre(places: Iterable[Place]) -> str:
    """Le cadrage (attribut `viewBox`) qui montre ces cases et rien d'autre ; à demander pour une case au moins."""
    connues = list(places)
    gauche, haut = min(p.colonne for p in connues), min(p.rang for p in connues)
    colonnes = max(p.colonne for p in connues) - gauche + 1
    rangs = max(p.rang for p in connues) - haut + 1
    return f"{gauche * COTE} {round(haut * COTE)} {colonnes * COTE} {round(rangs * COTE)}"


def contours(regions: Mapping[str, str]) -> str:
    """Le tracé (attribut `d`) des limites de régions de l'Hexagone et de la Corse. `regions` : département → région."""
    cases = {(p.colonne, p.rang): regions.get(code, "") for code, p in _EN_HEXAGONE.items() if code in regions}
    cases[PLACE_DE_LA_LOUPE.colonne, PLACE_DE_LA_LOUPE.rang] = ILE_DE_FRANCE
    traits = set()
    for (c, r), region in cases.items():
        x, y = c * COTE, round(r * COTE)
        voisins = (
            ((c - 1, r), (x, y, x, y + COTE)),
            ((c + 1, r), (x + COTE, y, x + COTE, y + COTE)),
            ((c, r - 1), (x, y, x + COTE, y)),
            ((c, r + 1), (x, y + COTE, x + COTE, y + COTE)),
        )
        traits |= {trait for voisin, trait in voisins if cases.get(voisin) != region}
    return "".join(f"M{x1} {y1}L{x2} {y2}" for x1, y1, x2, y2 in sorted(traits))


# --- paliers -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Palier:
    """Une teinte de la légende : son rang (0 : rien) et ce qu'elle couvre, en mots."""

    rang: int
    libelle: str


PALIERS_DE_PART = (
    Palier(0, "0 %"),
    Palier(1, "moins de 25 %"),
    Palier(2, "25 à 49 %"),
    Palier(3, "50 à 74 %"),
    Palier(4, "75 % et plus"),
)


def rang_de_part(taux: float) -> int:
    """Le palier d'une part entre 0 et 1 : 0 pour rien du tout, puis un par quart."""
    return 0 if taux <= 0 else min(int(taux * 4) + 1, 4)


def pas_de_compte(plus_grand: int) -> int:
    """Largeur des quatre paliers d'un compte : un nombre rond, le plus petit qui range `plus_grand`."""
    pas, rangs = 1, (1, 2, 5)
    while pas * 4 < plus_grand:
        pas = next((n * d for d in (10**e for e in range(12)) for n in rangs if n * d > pas), pas * 10)
    return pas


def rang_de_compte(nombre: int, pas: int) -> int:
    """Le palier d'un compte : 0 pour rien, 1 jusqu'à `pas`, 2 jusqu'au double…"""
    return 0 if nombre <= 0 else min((nombre - 1) // pas + 1, 4)


def paliers_de_compte(plus_grand: int) -> tuple[Palier, ...]:
    """La légende d'un compte : les paliers atteignables seulement, le dernier ouvert."""
    pas = pas_de_compte(plus_grand)
    dernier = rang_de_compte(plus_grand, pas)
    bornes = [(rang, (rang - 1) * pas + 1, rang * pas) for rang in range(1, dernier + 1)]
    return (Palier(0, "aucun"), *(Palier(r, str(du) if du == au else f"{du} à {au}") for r, du, au in bornes))


def chiffre_de_part(taux: float) -> str:
    """Ce que la tuile écrit d'une part : un nombre sans signe ; ni 0 ni 100 par le seul arrondi."""
    if taux <= 0 or taux >= 1:
        return str(round(min(max(taux, 0), 1) * 100))
    return str(min(max(round(taux * 100), 1), 99))


def sans_place(codes: Iterable[str]) -> list[str]:
    """Les départements que la carte ne sait pas placer."""
    return sorted(set(codes) - PLACES.keys())
