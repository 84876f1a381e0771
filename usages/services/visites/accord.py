"""L'accord de ceux qui ont codé une visite : par paire et par dimension, et ce dont il faut parler."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from usages.calculs.accord import Accord, AccordMoyen, kappa_moyen
from usages.calculs.codes_retenus import DIMENSIONS
from usages.enums import SensEffet
from usages.models import Codage, Constat, Visite

NOMS = {"theme": "Thème", "sens": "Sens", "force": "Force", "preuve": "Preuve"}
OPPOSES = {SensEffet.POSITIF.value, SensEffet.NEGATIF.value}


@dataclass(frozen=True, slots=True)
class Paire:
    """Deux codeurs et leur accord sur une dimension."""

    un: str
    autre: str
    accord: Accord


@dataclass(frozen=True, slots=True)
class AccordLu:
    """Une dimension : l'accord moyen, et celui de chaque paire."""

    nom: str
    moyen: AccordMoyen
    paires: list[Paire]


@dataclass(frozen=True, slots=True)
class Desaccord:
    """Un constat codé autrement. `dits` : par dimension, chaque code et qui l'a donné ; `doutes` : ce qui fit hésiter.

    `opposes` : l'un le dit positif, l'autre négatif.
    """

    constat: Constat
    dits: list[tuple[str, list[tuple[str, str]]]]
    doutes: list[tuple[str, str]]
    opposes: bool


@dataclass(frozen=True, slots=True)
class PageAccord:
    """Ce que montre la page d'une visite."""

    codeurs: list[str]
    dimensions: list[AccordLu]
    desaccords: list[Desaccord]
    communs: int

    @property
    def pareils(self) -> int:
        """Constats codés à plusieurs, et pareil par tous."""
        return self.communs - len(self.desaccords)


def lire_accord(visite: Visite) -> PageAccord:
    """L'accord des codeurs d'une visite. Deux requêtes, quel que soit le nombre de constats."""
    codages = list(Codage.objects.filter(constat__visite=visite).select_related("codeur").order_by("codeur", "pk"))
    noms = {_cle(c): str(c.codeur) for c in codages}
    par_constat: dict[int, list[Codage]] = defaultdict(list)
    for codage in codages:
        par_constat[codage.constat_id].append(codage)
    a_plusieurs = {cle: siens for cle, siens in par_constat.items() if len(siens) > 1}
    constats = Constat.objects.filter(visite=visite).pour_lecture().order_by("pk")
    lus = (_desaccord(c, a_plusieurs[c.pk]) for c in constats if c.pk in a_plusieurs)
    desaccords = sorted((d for d in lus if d.dits), key=lambda d: (not d.opposes, -len(d.dits), d.constat.pk))
    return PageAccord(
        list(noms.values()), [_dimension(d, codages, noms) for d in DIMENSIONS], desaccords, len(a_plusieurs)
    )


def _cle(codage: Codage) -> str:
    """La clé du codeur, qui se trie comme un nombre : deux homonymes ne se confondent pas."""
    return f"{codage.codeur_id:010d}"


def _dimension(dimension: str, codages: list[Codage], noms: dict[str, str]) -> AccordLu:
    dits: dict[str, dict[int, str]] = {cle: {} for cle in noms}
    for codage in codages:
        dits[_cle(codage)][codage.constat_id] = getattr(codage, dimension)
    moyen = kappa_moyen(dits)
    return AccordLu(NOMS[dimension], moyen, [Paire(noms[a], noms[b], accord) for a, b, accord in moyen.paires])


def _desaccord(constat: Constat, codages: list[Codage]) -> Desaccord:
    dits = []
    for dimension in DIMENSIONS:
        if len({getattr(c, dimension) for c in codages}) > 1:
            dits.append((NOMS[dimension], [(str(c.codeur), _mot(c, dimension)) for c in codages]))
    doutes = [(str(c.codeur), c.commentaire) for c in codages if c.commentaire]
    return Desaccord(constat, dits, doutes, {c.sens for c in codages} >= OPPOSES)


def _mot(codage: Any, dimension: str) -> str:
    return str(getattr(codage, f"get_{dimension}_display")())
