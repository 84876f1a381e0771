"""Ce que disent des retours de terrain lus ensemble : thèmes par mois, délais, charge de l'aide. Module pur.

Rien ici ne range des ESMS ni des personnes : on compte des retours, jamais qui les a donnés.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TypeVar

from usages.calculs.delais_editeurs import Attente
from usages.calculs.masquage import devant_tous, parties_tues
from usages.calculs.periodes import Periode
from usages.enums import ThemeRetour

K = TypeVar("K", bound=Hashable)
SANS_THEME = ""
PAS_ENCORE_DIT = "Thème pas encore dit"
PAR_PERSONNE = 5
"""Demandes par personne et par semaine, une par jour travaillé : au-delà, l'aide sature. Valeur du produit."""
DE_SUITE = 2
"""Semaines de suite : une seule peut n'être qu'un mauvais moment. Valeur du produit."""
SEMAINES = 26
SEMAINE = timedelta(days=7)


# --- thèmes ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Theme:
    """Un thème et ses retours, mois par mois."""

    code: str
    nom: str
    par_mois: tuple[int, ...]

    @property
    def total(self) -> int:
        """Sur toute la période."""
        return sum(self.par_mois)


def par_theme(mois: Sequence[Periode], lignes: Iterable[tuple[date, str, int]]) -> list[Theme]:
    """Les retours reçus ces mois-là, par thème, dans l'ordre des thèmes ; ceux qui n'en ont pas viennent à la fin.

    `lignes` : (jour reçu, thème, nombre) ; ce qui est hors de ces mois ne compte pas. Un thème sans retour est omis.
    """
    rangs, connus = {m.debut: rang for rang, m in enumerate(mois)}, set(ThemeRetour.values)
    comptes: Counter[tuple[str, int]] = Counter()
    for jour, theme, nombre in lignes:
        rang = rangs.get(jour.replace(day=1))
        if rang is not None:
            comptes[theme if theme in connus else SANS_THEME, rang] += nombre
    noms = [*ThemeRetour.choices, (SANS_THEME, PAS_ENCORE_DIT)]
    tous = [Theme(code, str(nom), tuple(comptes[code, rang] for rang in range(len(mois)))) for code, nom in noms]
    return [t for t in tous if t.total]


# --- part répondue, délais -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compte:
    """Des retours reçus, et combien ont leur réponse."""

    nom: str
    recus: int = 0
    repondus: int = 0
    cle: int | None = None

    @property
    def attendent(self) -> int:
        """Ceux qui n'ont pas leur réponse."""
        return self.recus - self.repondus

    @property
    def part(self) -> float | None:
        """La part répondue, de 0 à 1 ; None sans retour."""
        return self.repondus / self.recus if self.recus else None


def attentes(lignes: Iterable[tuple[int, bool, int]]) -> Counter[Attente]:
    """Les attentes comptées ; `lignes` : (jours, si c'est venu, nombre). Une durée négative compte pour zéro."""
    comptes: Counter[Attente] = Counter()
    for jours, est_venu, nombre in lignes:
        comptes[Attente(max(jours, 0), est_venu)] += nombre
    return comptes


def se_disent(par_og: Mapping[int, Mapping[K, int]]) -> tuple[int | None, dict[K, int | None]]:
    """Le total et ses parties devant toute une grappe, financeur compris ; None pour ce qui se tait.

    `par_og` : les nombres de chaque organisme, que ses membres connaissent : s'ils les retranchent, il reste tout,
    rien, ou au moins cinq. Un total tu tait ses parties.
    """
    parties: Counter[K] = Counter()
    for siens in par_og.values():
        parties.update(siens)
    siens_en_tout = [sum(siens.values()) for siens in par_og.values() if sum(siens.values())]
    if sum(parties.values()) and not devant_tous(siens_en_tout):
        return None, dict.fromkeys(parties)

    def ailleurs(cle: K, nombre: int) -> int:
        """Ce qu'il en reste pour qui en connaît le plus ; un seul organisme n'a rien à retrancher."""
        return nombre if len(siens_en_tout) < 2 else min(nombre - siens.get(cle, 0) for siens in par_og.values())

    tues = parties_tues(parties, {cle: ailleurs(cle, nombre) for cle, nombre in parties.items()})
    return sum(parties.values()), {cle: None if cle in tues else nombre for cle, nombre in parties.items()}


# --- la charge de l'aide ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Semaine:
    """Une semaine, dite par son lundi : retours reçus, tickets créés."""

    lundi: date
    retours: int = 0
    tickets: int = 0

    @property
    def total(self) -> int:
        """Les deux : ce à quoi quelqu'un doit répondre."""
        return self.retours + self.tickets


@dataclass(frozen=True, slots=True)
class Charge:
    """Ces semaines face à ceux qui peuvent répondre. `saturees` : celles qui font partie d'une suite trop chargée."""

    semaines: tuple[Semaine, ...]
    personnes: int
    saturees: tuple[Semaine, ...]

    @property
    def seuil(self) -> int:
        """Demandes par semaine au-delà desquelles l'aide sature, à ce nombre de personnes."""
        return self.personnes * PAR_PERSONNE

    @property
    def total(self) -> int:
        """Demandes sur toutes ces semaines."""
        return sum(s.total for s in self.semaines)

    @property
    def sature(self) -> bool:
        """Vrai si les dernières semaines finies dépassent le seuil."""
        return bool(self.saturees) and self.saturees[-1] == self.semaines[-1]

    @property
    def plus_forte(self) -> Semaine | None:
        """La plus chargée ; la plus récente d'entre elles."""
        return max(self.semaines, key=lambda s: (s.total, s.lundi), default=None)

    def par_personne(self, semaine: Semaine) -> float | None:
        """Demandes de cette semaine pour chacun ; None si personne ne répond."""
        return semaine.total / self.personnes if self.personnes else None


def lundis(au: date, nombre: int = SEMAINES) -> list[date]:
    """Les lundis des dernières semaines finies à cette date, de la plus ancienne à la dernière."""
    ce_lundi = au - timedelta(days=au.weekday())
    return [ce_lundi - SEMAINE * n for n in range(nombre, 0, -1)]


def par_semaine(debuts: Sequence[date], retours: Mapping[date, int], tickets: Mapping[date, int]) -> list[Semaine]:
    """Une semaine par lundi donné ; `retours`, `tickets` : jour → nombre. Hors de ces semaines, rien ne compte."""
    comptes: list[Counter[date]] = [Counter(), Counter()]
    for compte, jours_lus in zip(comptes, (retours, tickets), strict=True):
        for jour, nombre in jours_lus.items():
            compte[jour - timedelta(days=jour.weekday())] += nombre
    return [Semaine(lundi, comptes[0][lundi], comptes[1][lundi]) for lundi in debuts]


def juger(semaines: Sequence[Semaine], personnes: int) -> Charge:
    """Sature : plus de `PAR_PERSONNE` demandes par personne, `DE_SUITE` semaines de suite. Sans personne, dès une."""
    suites = [list(s) for trop, s in groupby(semaines, lambda s: s.total > personnes * PAR_PERSONNE) if trop]
    return Charge(tuple(semaines), personnes, tuple(s for suite in suites if len(suite) >= DE_SUITE for s in suite))
