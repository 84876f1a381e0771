"""Ce que les visites d'une étude ont fait constater, mis ensemble : thème × sens × force, leviers, freins. Module pur.

Chaque constat compte une fois, avec ses codes retenus (`codes_retenus`) ; un désaccord est une ligne ou une colonne à
part, un constat que personne n'a codé se compte à part aussi. Rien ne se perd : la somme des cases est le nombre des
effets codés.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from programme.socle.texte import normaliser
from usages.calculs.codes_retenus import EN_DESACCORD, Retenu
from usages.enums import ForceEffet, NatureConstat, SensEffet, ThemeEffet

LIGNES: tuple[str, ...] = (*ThemeEffet.values, EN_DESACCORD)
COLONNES: tuple[str, ...] = (*SensEffet.values, EN_DESACCORD)
FORCES: tuple[str, ...] = (*reversed(ForceEffet.values), EN_DESACCORD)
"""La plus forte d'abord."""


@dataclass(frozen=True, slots=True)
class Code:
    """Un constat et ses codes retenus. `visite` : sa clé ; `rapproche` : ce dont il se rapproche, vide sinon."""

    cle: int
    visite: int
    nature: str
    libelle: str
    rapproche: str
    theme: Retenu
    sens: Retenu
    force: Retenu
    preuve: Retenu

    @property
    def est_code(self) -> bool:
        """Vrai si quelqu'un l'a codé."""
        return self.theme.sur > 0


@dataclass(frozen=True, slots=True)
class Case:
    """Une case de la matrice : combien d'effets, de combien de visites, et de quelle force."""

    nombre: int = 0
    visites: int = 0
    forces: tuple[tuple[str, int], ...] = ()

    def de_force(self, force: str) -> int:
        """Combien de cette force."""
        return dict(self.forces).get(force, 0)


@dataclass(frozen=True, slots=True)
class Matrice:
    """Thème × sens. `pas_codes` : les effets que personne n'a codés, comptés nulle part ailleurs."""

    cases: dict[tuple[str, str], Case]
    pas_codes: int

    def case(self, theme: str, sens: str) -> Case:
        """La case, vide s'il n'y a rien."""
        return self.cases.get((theme, sens), Case())

    @property
    def total(self) -> int:
        """Effets codés."""
        return sum(case.nombre for case in self.cases.values())

    @property
    def plus_grand(self) -> int:
        """La case la plus pleine."""
        return max((case.nombre for case in self.cases.values()), default=0)

    def de_theme(self, theme: str) -> int:
        """Effets codés d'un thème."""
        return sum(case.nombre for (t, _), case in self.cases.items() if t == theme)

    def de_sens(self, sens: str) -> int:
        """Effets codés d'un sens."""
        return sum(case.nombre for (_, s), case in self.cases.items() if s == sens)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Ce qui revient d'une visite à l'autre : ses mots, combien de constats, dans quelles visites."""

    nature: str
    libelle: str
    constats: tuple[Code, ...]
    visites: tuple[int, ...]

    @property
    def combien(self) -> int:
        """Dans combien d'ESMS on l'a constaté."""
        return len(self.visites)


def croiser(codes: Iterable[Code]) -> Matrice:
    """La matrice thème × sens des effets ; leviers et freins n'y sont pas."""
    rangees: dict[tuple[str, str], list[Code]] = defaultdict(list)
    pas_codes = 0
    for code in codes:
        if code.nature != NatureConstat.EFFET:
            continue
        if code.est_code:
            rangees[code.theme.code, code.sens.code].append(code)
        else:
            pas_codes += 1
    return Matrice({cle: _case(siens) for cle, siens in rangees.items()}, pas_codes)


def _case(codes: list[Code]) -> Case:
    forces = Counter(c.force.code for c in codes)
    dites = tuple((force, forces[force]) for force in FORCES if forces[force])
    return Case(len(codes), len({c.visite for c in codes}), dites)


def par_visite(codes: Iterable[Code]) -> dict[int, Matrice]:
    """Une matrice par visite."""
    rangees: dict[int, list[Code]] = defaultdict(list)
    for code in codes:
        rangees[code.visite].append(code)
    return {visite: croiser(siens) for visite, siens in rangees.items()}


def recurrences(codes: Sequence[Code], natures: Sequence[str]) -> list[Recurrence]:
    """Ce qui se ressemble, le plus répandu d'abord.

    Deux constats de même nature se rapprochent s'ils portent les mêmes mots, ou si l'un « se rapproche de » ceux de
    l'autre, de proche en proche, à la casse et aux accents près.
    """
    groupes: dict[tuple[str, str], list[Code]] = defaultdict(list)
    retenus = [code for code in codes if code.nature in natures]
    chefs = _rapprocher(retenus)
    for code in retenus:
        groupes[code.nature, chefs[code.nature, normaliser(code.libelle)]].append(code)
    rendues = [_recurrence(nature, siens) for (nature, _), siens in groupes.items()]
    return sorted(rendues, key=lambda r: (natures.index(r.nature), -r.combien, -len(r.constats), normaliser(r.libelle)))


def _rapprocher(codes: Sequence[Code]) -> dict[tuple[str, str], str]:
    """De chaque texte, celui qui tient lieu de tous ceux dont il se rapproche."""
    membres: dict[tuple[str, str], set[str]] = {}
    for code in codes:
        liens = {normaliser(code.libelle), normaliser(code.rapproche or code.libelle)}
        reunis = set().union(liens, *(membres.get((code.nature, texte), set()) for texte in liens))
        membres |= {(code.nature, texte): reunis for texte in reunis}
    return {cle: min(reunis) for cle, reunis in membres.items()}


def _recurrence(nature: str, codes: list[Code]) -> Recurrence:
    mots = Counter(c.rapproche or c.libelle for c in codes).most_common(1)[0][0]
    return Recurrence(nature, mots, tuple(codes), tuple(dict.fromkeys(c.visite for c in codes)))
