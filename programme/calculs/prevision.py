"""Prévoir la date de routine d'après les durées observées. Module pur : ni base, ni horloge.

La formule, étape par étape (une étape : aller d'un état au suivant) :

1. **Kaplan-Meier.** Part des ESMS encore dans l'état après t jours : S(t) = Π (1 − d_i / n_i) sur les durées t_i ≤ t,
   où d_i ESMS ont franchi l'étape en t_i jours parmi n_i qui y étaient encore. Un ESMS toujours dans l'état, suspendu
   ou sorti compte parmi les n_i jusqu'à son dernier jour connu, jamais parmi les d_i : sa durée est censurée. À
   égalité, les passages d'abord : un ESMS censuré à t y était encore après t.
2. **Temps déjà passé.** Qui attend depuis s jours tire sa durée T selon S(t) / S(s), t > s.
3. **Somme.** Les étapes suivantes se tirent de même, à partir de zéro ; la date de routine est la somme.
4. **Tirages.** `TIRAGES` fois ; la moitié puis quatre cinquièmes des tirages donnent « une chance sur deux » et
   « quatre sur cinq ». L'aléa se déduit de la clé du parcours : l'ordre et le lot n'y changent rien.

La queue : quand la plus longue durée connue est censurée, S ne descend pas à zéro. Après le dernier passage t*, elle
suit le rythme moyen : S(t) = S(t*) · exp(−λ (t − t*)), λ = passages / total des jours observés, finis ou non.

L'étendue : la plus petite qui compte `PASSAGES_MINIMUM` passages ; pour l'étape en cours, de passages plus longs que le
temps déjà passé, seuls à renseigner sur la suite. Si aucune n'en compte assez, l'ESMS attend déjà plus que presque
tous : il avance au rythme moyen de la plus petite étendue qui suffit, T = s + Exp(λ).

Au-delà de `HORIZON`, une date ne dirait plus rien : il n'y en a pas (`AU_DELA`).
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from math import ceil, inf
from random import Random

from programme.calculs.situation import etat_suivant
from programme.enums import FRISE_PARCOURS, EtatParcours
from programme.socle.dates import fin_du_mois

TIRAGES = 1_000
"""Un millier : l'erreur de tirage est de deux points de probabilité, moins que ce que dit le nom d'un mois."""
PASSAGES_MINIMUM = 5
"""En deçà, une étape ne se prévoit pas ; c'est aussi le nombre d'ESMS sous lequel un total désigne quelqu'un."""
UNE_SUR_DEUX, QUATRE_SUR_CINQ = 0.5, 0.8
PART_DES_ESMS = 0.8
HORIZON = 3_650
"""Dix ans, en jours."""
AU_DELA = inf
GRAINE = "treille, date de routine, 1"

Jours = float
"""Des jours, entiers, ou `AU_DELA`."""
Pas = tuple[str, str]
"""Une étape : (état quitté, état atteint)."""


# --- observer ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trajet:
    """Ce qu'un parcours a vécu.

    `entrees` : date d'entrée, pour les états où elle est sûre. `etat` : où il est, ou était quand il s'est arrêté.
    `connu_jusqu_au` : dernier jour où l'on sait qu'il y était ; None si l'étape en cours ne compte pas.
    """

    entrees: Mapping[str, date]
    etat: str
    est_pilote: bool
    chemin_court: bool
    connu_jusqu_au: date | None


@dataclass(frozen=True, slots=True)
class Observation:
    """Une durée dans un état, en jours ; censurée si `terminee` est faux."""

    pas: Pas
    jours: int
    terminee: bool


def observer(trajet: Trajet) -> Iterator[Observation]:
    """Les durées d'un parcours : une par étape franchie dont les deux dates sont sûres, et celle de l'étape en cours.

    Deux dates que séparent des états sans date ne font pas une durée.
    """
    datees = [(e.value, trajet.entrees[e]) for e in FRISE_PARCOURS if e in trajet.entrees]
    for (de, entree), (vers, sortie) in pairwise(datees):
        if vers == etat_suivant(de, trajet.est_pilote, trajet.chemin_court) and sortie >= entree:
            yield Observation((de, vers), (sortie - entree).days, True)
    suivant, fin = etat_suivant(trajet.etat, trajet.est_pilote, trajet.chemin_court), trajet.connu_jusqu_au
    if suivant and fin and datees and datees[-1][0] == trajet.etat and fin >= datees[-1][1]:
        yield Observation((trajet.etat, suivant), (fin - datees[-1][1]).days, False)


# --- Kaplan-Meier --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Courbe:
    """Une étape, d'après ses durées observées.

    `jours` : durées franchies, croissantes, puis `AU_DELA` s'il reste des ESMS ; `franchies` : part de ceux qui ont
    franchi l'étape en ce temps-là au plus, 1 à la fin ; `nombres` : passages observés jusque-là ; `rythme` : passages
    par jour observé.
    """

    jours: tuple[Jours, ...]
    franchies: tuple[float, ...]
    nombres: tuple[int, ...]
    rythme: float

    @property
    def dernier(self) -> int:
        """Le plus long passage observé, en jours."""
        return int(self.jours[-2] if self.jours[-1] == AU_DELA else self.jours[-1])

    @property
    def nombre(self) -> int:
        """Passages observés."""
        return self.nombres[-1] if self.nombres else 0

    def nombre_apres(self, passes: int) -> int:
        """Passages observés qui ont duré plus de `passes` jours."""
        rang = bisect_right(self.jours, passes)
        return self.nombre - (self.nombres[rang - 1] if rang else 0)

    def survie(self, passes: int) -> float:
        """Part des ESMS encore dans l'état après `passes` jours."""
        rang = bisect_right(self.jours, passes)
        return 1 - self.franchies[rang - 1] if rang else 1.0

    def quantile(self, part: float) -> Jours:
        """La plus petite durée observée en laquelle cette part des ESMS franchit l'étape ; `AU_DELA` sinon."""
        return next((j for j, f in zip(self.jours, self.franchies, strict=True) if f >= part), AU_DELA)

    def tirer(self, hasard: Random, nombre: int, passes: int = -1) -> list[Jours]:
        """`nombre` durées totales, sachant que `passes` jours sont déjà passés sans franchir l'étape."""
        if passes >= self.dernier:
            return self.tirer_au_rythme(hasard, nombre, passes)
        premier = bisect_right(self.jours, passes)
        bas = self.franchies[premier - 1] if premier else 0.0
        jours, parts, dernier, hauteur = self.jours, self.franchies, len(self.jours) - 1, 1.0 - bas
        sort = hasard.random
        tires = [jours[bisect_right(parts, bas + sort() * hauteur, premier, dernier)] for _ in range(nombre)]
        if jours[-1] == AU_DELA:
            queue = iter(self.tirer_au_rythme(hasard, tires.count(AU_DELA), self.dernier))
            tires = [next(queue) if t == AU_DELA else t for t in tires]
        return tires

    def tirer_au_rythme(self, hasard: Random, nombre: int, passes: int) -> list[Jours]:
        """`nombre` durées plus longues que `passes`, au rythme moyen observé."""
        return [passes + max(ceil(hasard.expovariate(self.rythme)), 1) for _ in range(nombre)]


def kaplan_meier(durees: Iterable[tuple[int, int, int]]) -> Courbe:
    """La courbe d'une étape, un passage au moins ; `durees` : (jours, passages en ce temps, censurés à ce temps)."""
    lignes = sorted(durees)
    observes = sum(temps * (d + c) for temps, d, c in lignes)
    a_risque, survie, vus = sum(d + c for _, d, c in lignes), 1.0, 0
    jours: list[Jours] = []
    franchies, nombres = [], []
    for temps, passages, censures in lignes:
        if passages:
            survie *= 1 - passages / a_risque
            vus += passages
            jours.append(temps)
            franchies.append(1 - survie)
            nombres.append(vus)
        a_risque -= passages + censures
    if survie > 0:
        jours.append(AU_DELA)
        franchies.append(1.0)
        nombres.append(vus)
    # Une étape franchie le jour même par tous n'a pas de durée : un jour en tout, pour que le rythme existe.
    return Courbe(tuple(jours), tuple(franchies), tuple(nombres), vus / max(observes, 1))


# --- prévoir un ESMS -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Etendue:
    """Où l'on a observé : un code d'étendue (grappe, région, pays), et ses courbes par étape."""

    code: str
    courbes: Mapping[Pas, Courbe]


@dataclass(frozen=True, slots=True)
class Depart:
    """D'où part un ESMS : sa clé, les jours passés dans son état, les étapes qui restent dans l'ordre."""

    cle: int
    passes: int
    etapes: tuple[Pas, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Sur quoi s'appuie une étape : où, combien de passages, la durée médiane (jours), et si c'est au rythme moyen."""

    pas: Pas
    etendue: str
    nombre: int
    mediane: Jours
    au_rythme: bool = False


@dataclass(frozen=True, slots=True)
class Simulation:
    """Les tirages d'un ESMS, en jours à compter d'aujourd'hui ; sans source suffisante, tous `AU_DELA` et `manque`."""

    tirages: Sequence[Jours]
    sources: tuple[Source, ...] = ()
    manque: Pas | None = None


EN_ROUTINE = Simulation((0,) * TIRAGES)
"""Qui y est déjà."""


def _source(pas: Pas, passes: int, etendues: Sequence[Etendue]) -> tuple[Source, Courbe] | None:
    """La plus petite étendue qui renseigne sur cette étape, d'abord par des passages plus longs que le temps passé."""
    connues = [(e.code, e.courbes[pas]) for e in etendues if pas in e.courbes]
    for depuis, au_rythme in ((passes, False), (-1, True)):
        for code, courbe in connues:
            if (nombre := courbe.nombre_apres(depuis)) >= PASSAGES_MINIMUM:
                return Source(pas, code, nombre, courbe.quantile(UNE_SUR_DEUX), au_rythme), courbe
    return None


def simuler(depart: Depart, etendues: Sequence[Etendue]) -> Simulation:
    """Tire `TIRAGES` dates de routine ; `etendues` : de la plus proche à la plus large."""
    if not depart.etapes:
        return EN_ROUTINE
    hasard = Random(f"{GRAINE}:{depart.cle}")
    sources, totaux = [], [0.0 - depart.passes] * TIRAGES
    for rang, pas in enumerate(depart.etapes):
        passes = depart.passes if rang == 0 else -1
        trouvee = _source(pas, passes, etendues)
        if trouvee is None:
            return Simulation((AU_DELA,) * TIRAGES, manque=pas)
        source, courbe = trouvee
        tirer = courbe.tirer_au_rythme if source.au_rythme else courbe.tirer
        sources.append(source)
        totaux = [t + d for t, d in zip(totaux, tirer(hasard, TIRAGES, passes), strict=True)]
    return Simulation(totaux, tuple(sources))


# --- dire ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Prevision:
    """Deux dates, ou `motif` : pourquoi il en manque. `n_observations` : passages observés, toutes étapes restantes."""

    une_sur_deux: date | None = None
    quatre_sur_cinq: date | None = None
    n_observations: int = 0
    motif: str = ""
    sources: tuple[Source, ...] = field(default=(), compare=False)

    @property
    def phrase(self) -> str:
        """« une chance sur deux avant fin mars 2027, quatre sur cinq avant fin juillet 2027 » ; vide sans date."""
        return en_phrase(self.une_sur_deux, self.quatre_sur_cinq)


def en_phrase(une: date | None, quatre: date | None) -> str:
    """Les deux dates, au mois ; la seconde seule quand elles tombent dans le même."""
    premiere, seconde = fin_du_mois(une), fin_du_mois(quatre)
    if une is None:
        return ""
    if quatre is None:
        return f"une chance sur deux avant {premiere}"
    if premiere == seconde:
        return f"quatre chances sur cinq avant {premiere}"
    return f"une chance sur deux avant {premiere}, quatre sur cinq avant {seconde}"


TROP_PEU = f"Moins de {PASSAGES_MINIMUM} passages observés de « {{}} » à « {{}} »."
SANS_DATE = "Au rythme observé, plus d’une chance sur deux de ne pas y être dans dix ans."
SANS_SECONDE = "Au rythme observé, plus d’une chance sur cinq de ne pas y être dans dix ans."


def quantile(tries: Sequence[Jours], part: float) -> Jours:
    """Dans des tirages triés, le plus petit que cette part d'entre eux ne dépasse pas."""
    return tries[ceil(part * len(tries)) - 1]


def _dater(tirages: Iterable[Jours], au: date) -> tuple[date | None, date | None]:
    tries = sorted(tirages)
    lus = [quantile(tries, part) for part in (UNE_SUR_DEUX, QUATRE_SUR_CINQ)]
    une, quatre = (None if jours > HORIZON else au + timedelta(days=int(jours)) for jours in lus)
    return une, quatre


def prevoir(simulation: Simulation, au: date) -> Prevision:
    """Lit les deux dates d'un ESMS dans ses tirages ; à défaut, dit quelle étape n'a pas assez de passages observés."""
    if simulation.manque:
        return Prevision(motif=TROP_PEU.format(*(EtatParcours(e).label for e in simulation.manque)))
    une, quatre = _dater(simulation.tirages, au)
    nombre = sum(s.nombre for s in simulation.sources)
    if une is None:
        return Prevision(n_observations=nombre, motif=SANS_DATE, sources=simulation.sources)
    return Prevision(une, quatre, nombre, "" if quatre else SANS_SECONDE, simulation.sources)


@dataclass(frozen=True, slots=True)
class PrevisionEnsemble:
    """Quand `nombre` ESMS sur `total` seront en routine ; une date nulle : pas avant l'horizon, ou inconnue."""

    nombre: int
    total: int
    une_sur_deux: date | None
    quatre_sur_cinq: date | None


def prevoir_ensemble(simulations: Sequence[Simulation], au: date) -> list[PrevisionEnsemble]:
    """Quatre cinquièmes des ESMS, puis le dernier, par les mêmes tirages que chacun ; vide s'il n'y en a pas.

    Le i-ème tirage de l'ensemble réunit le i-ème de chaque ESMS : le rang voulu, dans l'ordre des dates. Un ESMS sans
    prévision vaut « au-delà » : il ne rend jamais l'ensemble plus précoce.
    """
    total = len(simulations)
    if not total:
        return []
    futurs = [sorted(tirage) for tirage in zip(*(s.tirages for s in simulations), strict=True)]
    rangs = dict.fromkeys((ceil(round(PART_DES_ESMS * total, 6)), total))
    return [PrevisionEnsemble(r, total, *_dater((t[r - 1] for t in futurs), au)) for r in rangs]
