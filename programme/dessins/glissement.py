"""Le glissement : de combien de jours une étape vient, ou viendra, après sa référence. Module pur.

Positif : en retard. Sans date de référence, il n'y a pas d'écart : on le dit, on ne le compte pas à zéro.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from programme.calculs.frise import A_LA_DATE, DatesEtape
from programme.socle.nombres import ESPACE_INSECABLE, nombre

ETAGES = 7
"""Points empilés au plus au même endroit ; au-delà ils se recouvrent."""


def ecart_en_jours(dates: DatesEtape | None) -> int | None:
    """Réel moins référence, à défaut révisé moins référence ; None sans référence, ou si rien ne l'a démentie."""
    if dates is None or dates.reference is None:
        return None
    jour = dates.reelle or dates.revisee
    return (jour - dates.reference).days if jour else None


def sens(jours: float) -> str:
    """« retard », « avance », ou « date » (à la date, à quelques jours près)."""
    if abs(jours) <= A_LA_DATE:
        return "date"
    return "retard" if jours > 0 else "avance"


def en_jours(jours: float | None) -> str:
    """« + 12 j », « − 3 j », « 0 j » ; « — » sans écart."""
    if jours is None:
        return "—"
    signe = "" if not jours else "+ " if jours > 0 else "− "
    return f"{signe}{nombre(abs(jours) if jours % 1 else abs(int(jours)))}{ESPACE_INSECABLE}j"


@dataclass(frozen=True, slots=True)
class Bilan:
    """Les écarts d'un ensemble, en jours, et ceux qui n'en ont pas.

    `sans_reference` : rien à quoi comparer. `en_attente` : une référence, ni révisée ni atteinte ; dont `depassees`.
    """

    ecarts: tuple[int, ...]
    sans_reference: int = 0
    en_attente: int = 0
    depassees: int = 0

    @property
    def nombre(self) -> int:
        """Combien d'écarts mesurés."""
        return len(self.ecarts)

    @property
    def mediane(self) -> float | None:
        """La moitié a glissé de moins, la moitié de plus."""
        return median(self.ecarts) if self.ecarts else None

    @property
    def minimum(self) -> int | None:
        """Le plus en avance, ou le moins en retard."""
        return min(self.ecarts, default=None)

    @property
    def maximum(self) -> int | None:
        """Le plus en retard."""
        return max(self.ecarts, default=None)

    def compte(self, cote: str) -> int:
        """Combien de ce côté : « retard », « avance » ou « date »."""
        return sum(sens(e) == cote for e in self.ecarts)

    @property
    def en_retard(self) -> int:
        """Combien au-delà de « à la date »."""
        return self.compte("retard")


def bilan(dates: Iterable[DatesEtape | None], au: date) -> Bilan:
    """Le bilan d'une étape sur plusieurs ESMS ; `dates` : une valeur par ESMS qui la traverse, None s'il n'en a pas."""
    ecarts, sans, attente, depassees = [], 0, 0, 0
    for d in dates:
        jours = ecart_en_jours(d)
        if jours is not None:
            ecarts.append(jours)
        elif d is None or d.reference is None:
            sans += 1
        else:
            attente += 1
            depassees += d.reference < au
    return Bilan(tuple(sorted(ecarts)), sans, attente, depassees)


def dernier_ecart(etapes: Sequence[DatesEtape | None]) -> int | None:
    """L'écart de la plus avancée des étapes qui en ont un : ce dont l'ESMS est décalé aujourd'hui."""
    return next((e for d in reversed(etapes) if (e := ecart_en_jours(d)) is not None), None)


def bilan_des_derniers(trajets: Iterable[Sequence[DatesEtape | None]], au: date) -> Bilan:
    """Le bilan d'une vague : le dernier écart connu de chaque ESMS ; `trajets` : ses étapes, dans l'ordre."""
    ecarts, sans, attente, depassees = [], 0, 0, 0
    for etapes in trajets:
        references = [d for d in etapes if d and d.reference]
        if (jours := dernier_ecart(etapes)) is not None:
            ecarts.append(jours)
        elif not references:
            sans += 1
        else:
            attente += 1
            depassees += any(d.reference < au for d in references if d.reference)
    return Bilan(tuple(sorted(ecarts)), sans, attente, depassees)


# --- le dessin -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Point:
    """Un écart : `x` en pourcentage de la largeur, `etage` de 0 (en bas) à `ETAGES` − 1."""

    x: float
    etage: int
    jours: int
    sens: str

    @property
    def y(self) -> int:
        """Ordonnée (pixels), l'étage 0 au milieu, les autres de part et d'autre."""
        return 22 + (self.etage + 1) // 2 * 6 * (1 if self.etage % 2 else -1)


@dataclass(frozen=True, slots=True)
class Axe:
    """L'axe des jours, de `gauche` (≤ 0) à `droite` (≥ 0), zéro toujours dessus."""

    gauche: int
    droite: int

    def x(self, jours: float) -> float:
        """Abscisse en pourcentage, entre 0 et 100."""
        return round((min(max(jours, self.gauche), self.droite) - self.gauche) * 100 / (self.droite - self.gauche), 2)

    @property
    def zero(self) -> float:
        """Abscisse de la référence, en pourcentage."""
        return self.x(0)

    def reperes(self) -> list[tuple[float, str, bool]]:
        """Zéro et quelques jours ronds : (x, mot, un sur deux, à taire quand la place manque)."""
        pas = next((p for p in (7, 14, 30, 60, 90, 180, 365) if (self.droite - self.gauche) / p <= 8), 730)
        rangs = range(-(-self.gauche // pas), self.droite // pas + 1)
        return [(self.x(r * pas), en_jours(r * pas) if r else "à la date", bool(r % 2)) for r in rangs]

    def points(self, ecarts: Iterable[int]) -> list[Point]:
        """Un point par écart, empilés quand ils tombent au même endroit."""
        hauts: dict[int, int] = {}
        rendu = []
        for jours in sorted(ecarts):
            x = self.x(jours)
            etage = hauts.get(case := round(x), 0)
            hauts[case] = etage + 1
            rendu.append(Point(x, etage % ETAGES, jours, sens(jours)))
        return rendu


def axe(bilans: Iterable[Bilan]) -> Axe:
    """L'axe commun à des bilans, pour qu'ils se comparent d'un coup d'œil ; au moins deux semaines de chaque côté."""
    tous = [e for b in bilans for e in b.ecarts]
    marge = max(14, (max(tous, default=0) - min(tous, default=0)) // 20)
    return Axe(min(0, *tous, 0) - marge, max(0, *tous, 0) + marge)


def par_etape(parcours: Iterable[Mapping[str, DatesEtape | None]], etats: Sequence[str], au: date) -> dict[str, Bilan]:
    """Un bilan par étape ; chaque parcours ne porte que les étapes qu'il traverse (None : sans aucune date)."""
    lignes = list(parcours)
    return {e: bilan((p[e] for p in lignes if e in p), au) for e in etats}
