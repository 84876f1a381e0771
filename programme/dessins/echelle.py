"""L'axe du temps d'un dessin : d'un jour à une abscisse, et les repères qui le graduent. Module pur."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from programme.socle.dates import JOURS_PAR_MOIS, MOIS_COURTS

TOUT, MOIS, TRIMESTRE, ANNEE = "tout", "mois", "trimestre", "annee"
PAS: dict[str, tuple[int, float]] = {MOIS: (1, 56), TRIMESTRE: (3, 28), ANNEE: (12, 11)}
"""Par échelle : mois entre deux repères, largeur la plus petite d'un mois (pixels)."""
LARGEUR = 908
"""Largeur que le dessin remplit quand la période est courte (pixels)."""
AVANT, APRES = timedelta(days=10), timedelta(days=40)
"""Ce qui reste vide avant la première date, et après la dernière : la place d'en écrire le nom."""
_PLACE_ANNEE = 40
_PLACE_REPERE = {MOIS: 52, TRIMESTRE: 40}
"""Pixels qu'il faut entre deux repères pour les nommer, du plus fin au plus large."""


def debut_de_mois(jour: date) -> date:
    """Le premier du mois."""
    return jour.replace(day=1)


def fin_de_mois(jour: date) -> date:
    """Le dernier jour du mois."""
    return jour.replace(day=monthrange(jour.year, jour.month)[1])


def _mois_apres(premier: date, nombre: int) -> date:
    annee, rang = divmod(premier.year * 12 + premier.month - 1 + nombre, 12)
    return date(annee, rang + 1, 1)


@dataclass(frozen=True, slots=True)
class Repere:
    """Un repère de l'axe : `x` en pixels ; `nom` vide à l'échelle de l'année, qui se dit au-dessus."""

    x: float
    nom: str

    @property
    def texte_x(self) -> float:
        """Abscisse du nom, un peu à droite du trait."""
        return round(self.x + 4, 1)


@dataclass(frozen=True, slots=True)
class Echelle:
    """Une période, et sa largeur en pixels. `debut` et `fin` compris."""

    debut: date
    fin: date
    largeur: float
    pas: str = TRIMESTRE

    @property
    def jours(self) -> int:
        """Durée de la période, premier et dernier jour compris."""
        return (self.fin - self.debut).days + 1

    @property
    def par_jour(self) -> float:
        """Largeur d'un jour (pixels)."""
        return round(self.largeur / self.jours, 4)

    def x(self, jour: date) -> float:
        """Abscisse du matin de ce jour ; au bord quand il sort de la période."""
        jours = min(max((jour - self.debut).days, 0), self.jours)
        return round(jours * self.largeur / self.jours, 1)

    def jour(self, x: float) -> date:
        """Le jour à cette abscisse : l'inverse de `x`, à un jour près."""
        return self.debut + timedelta(days=round(x * self.jours / self.largeur))

    def reperes(self) -> list[Repere]:
        """Un repère par mois, trimestre ou année qui commence dans la période."""
        return [Repere(self.x(j), _nom(j, self.pas)) for j in self._premiers()]

    def annees(self) -> list[Repere]:
        """Le nom de chaque année, là où elle commence dans la période ; il lui faut la place de s'écrire."""
        premiers = [max(self.debut, date(a, 1, 1)) for a in range(self.debut.year, self.fin.year + 1)]
        suivants = [self.x(j) for j in premiers[1:]] + [self.largeur]
        debuts = zip(premiers, suivants, strict=True)
        return [Repere(self.x(j), str(j.year) if apres - self.x(j) >= _PLACE_ANNEE else "") for j, apres in debuts]

    def _premiers(self) -> Iterator[date]:
        ecart = PAS[self.pas][0]
        jour = date(self.debut.year, (self.debut.month - 1) // ecart * ecart + 1, 1)
        while jour <= self.fin:
            if jour >= self.debut:
                yield jour
            jour = _mois_apres(jour, ecart)


def _nom(jour: date, pas: str) -> str:
    if pas == MOIS:
        return MOIS_COURTS[jour.month - 1]
    return f"T{(jour.month - 1) // 3 + 1}" if pas == TRIMESTRE else ""


def _bornes(jours: Iterable[date | None], au: date) -> tuple[date, date]:
    connus = [j for j in jours if j is not None] or [au - timedelta(days=91), au + timedelta(days=274)]
    return debut_de_mois(min([*connus, au]) - AVANT), fin_de_mois(max([*connus, au]) + APRES)


def echelle(jours: Iterable[date | None], au: date, pas: str = TOUT) -> Echelle:
    """L'échelle qui montre tous ces jours et aujourd'hui, en mois entiers, sur `LARGEUR` pixels au moins.

    `TOUT` : la période tient dans cette largeur, graduée aussi finement qu'on peut le lire. Sans aucun jour, trois mois
    avant et neuf mois après `au`.
    """
    debut, fin = _bornes(jours, au)
    nb_mois = ((fin - debut).days + 1) / JOURS_PAR_MOIS
    if pas == TOUT:
        lisibles = [p for p, place in _PLACE_REPERE.items() if LARGEUR / nb_mois * PAS[p][0] >= place]
        return Echelle(debut, fin, LARGEUR, lisibles[0] if lisibles else ANNEE)
    return Echelle(debut, fin, round(max(LARGEUR, nb_mois * PAS[pas][1])), pas)
