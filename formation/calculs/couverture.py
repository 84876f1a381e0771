"""La couverture de formation, à une date. Module pur : ni base, ni horloge.

Dans un périmètre (une grappe, un organisme, un ESMS, un métier, une unité de jour ou de nuit) et à la date d :

    exigences  = les couples (poste, module) tels que : le poste se tient à d, hors renfort de moins d'un mois ;
                 le module est de la grappe de l'ESMS, au socle, pas encore retiré à d ; il s'adresse au métier du poste
                 (publics vide : à tous) ; il n'est pas « sans objet » dans cet ESMS ;
    en poste   = les personnes distinctes qui ont au moins une exigence dans le périmètre ;
    formées    = celles d'entre elles qui, pour CHACUNE de ces exigences, ont un acquis valable à d
                 (obtenu le d ou avant, et valable jusqu'au d ou après, ou sans limite) ;
    couverture = formées / en poste ; nulle (None) si personne n'est en poste.

Une personne qui tient deux postes compte une fois dans le périmètre qui les contient tous deux : on ne somme donc pas
des ESMS pour dire une grappe, on recompte. Les renforts se comptent à part. `services/couverture.py` dit la même chose
à la base, par le même chemin : formées = en poste - celles à qui il manque au moins un module.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from formation.calculs.effectifs import est_renfort
from formation.enums import LA_NUIT, LE_JOUR, Rythme

K = TypeVar("K", bound=Hashable)

JOUR, NUIT = "jour", "nuit"
"""Les deux moments d'une unité ; qui travaille jour et nuit compte dans les deux."""


@dataclass(frozen=True, slots=True)
class UnPoste:
    """Une personne dans un ESMS, du `debut` à la `fin` comprise."""

    personne: int
    esms: int
    metier: int
    debut: date
    fin: date | None = None
    unite: int | None = None
    rythme: str = Rythme.JOUR

    def est_tenu(self, au: date) -> bool:
        """Vrai si la personne est en poste ce jour-là."""
        return self.debut <= au and (self.fin is None or self.fin >= au)

    @property
    def est_renfort(self) -> bool:
        """Moins d'un mois : compté à part."""
        return est_renfort(self.debut, self.fin)


@dataclass(frozen=True, slots=True)
class UnAcquis:
    """Une personne formée à un module, depuis ce jour et jusqu'à cet autre."""

    personne: int
    module: int
    obtenu_le: date
    valable_jusqu_au: date | None = None

    def est_valable(self, au: date) -> bool:
        """Vrai si elle est formée ce jour-là."""
        return self.obtenu_le <= au and (self.valable_jusqu_au is None or self.valable_jusqu_au >= au)


@dataclass(frozen=True, slots=True)
class UnModule:
    """Un module du socle d'une grappe ; `publics` vide : tous les métiers."""

    cle: int
    grappe: int
    nature: str
    publics: frozenset[int] = frozenset()
    retire_le: date | None = None

    def est_en_vigueur(self, au: date) -> bool:
        """Vrai jusqu'à la veille de son retrait."""
        return self.retire_le is None or self.retire_le > au


@dataclass(frozen=True, slots=True)
class UnEsms:
    """Un ESMS : sa grappe, les modules que sa déclinaison dit sans objet."""

    cle: int
    grappe: int
    sans_objet: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Compte:
    """Combien en poste, combien de formés."""

    en_poste: int = 0
    formes: int = 0

    @property
    def taux(self) -> float | None:
        """Entre 0 et 1 ; None si personne n'est en poste."""
        return self.formes / self.en_poste if self.en_poste else None

    @property
    def restent(self) -> int:
        """Ceux qu'il reste à former."""
        return self.en_poste - self.formes


@dataclass(frozen=True, slots=True)
class Couverture:
    """La couverture d'un périmètre à une date, et ses coupes, par clé. Une coupe ne s'additionne pas à une autre."""

    au: date
    total: Compte = Compte()
    par_module: Mapping[int, Compte] = field(default_factory=dict)
    par_nature: Mapping[str, Compte] = field(default_factory=dict)
    par_metier: Mapping[int, Compte] = field(default_factory=dict)
    par_esms: Mapping[int, Compte] = field(default_factory=dict)
    par_esms_et_module: Mapping[tuple[int, int], Compte] = field(default_factory=dict)
    par_unite: Mapping[tuple[int, str], Compte] = field(default_factory=dict)
    renforts: int = 0


Exigence = tuple[UnPoste, UnModule]


def exigences(
    postes: Iterable[UnPoste], modules: Iterable[UnModule], esms: Mapping[int, UnEsms], au: date
) -> list[Exigence]:
    """Qui doit être formé à quoi, ce jour-là, dans ces ESMS ; un poste d'un autre ESMS ne compte pas."""
    par_grappe = defaultdict(list)
    for module in modules:
        if module.est_en_vigueur(au):
            par_grappe[module.grappe].append(module)
    return [
        (poste, module)
        for poste in postes
        if poste.esms in esms and poste.est_tenu(au) and not poste.est_renfort
        for module in par_grappe[esms[poste.esms].grappe]
        if (not module.publics or poste.metier in module.publics) and module.cle not in esms[poste.esms].sans_objet
    ]


def compter(
    dues: Iterable[Exigence], valables: frozenset[tuple[int, int]], cle: Callable[[Exigence], K]
) -> dict[K, Compte]:
    """Les comptes par clé ; `valables` : les couples (personne, module) formés ce jour-là."""
    en_poste: dict[K, set[int]] = defaultdict(set)
    manquent: dict[K, set[int]] = defaultdict(set)
    for exigence in dues:
        poste, module = exigence
        en_poste[cle(exigence)].add(poste.personne)
        if (poste.personne, module.cle) not in valables:
            manquent[cle(exigence)].add(poste.personne)
    return {k: Compte(len(personnes), len(personnes - manquent[k])) for k, personnes in en_poste.items()}


def mesurer(
    postes: Iterable[UnPoste],
    acquis: Iterable[UnAcquis],
    modules: Iterable[UnModule],
    esms: Iterable[UnEsms],
    au: date,
) -> Couverture:
    """La couverture de ces ESMS à cette date."""
    postes, perimetre = list(postes), {e.cle: e for e in esms}
    dues = exigences(postes, modules, perimetre, au)
    valables = frozenset((a.personne, a.module) for a in acquis if a.est_valable(au))

    def par(cle: Callable[[Exigence], K], parmi: Iterable[Exigence] = dues) -> dict[K, Compte]:
        return compter(parmi, valables, cle)

    par_unite: dict[tuple[int, str], Compte] = {}
    for moment, rythmes in ((JOUR, LE_JOUR), (NUIT, LA_NUIT)):
        la = [(p, m) for p, m in dues if p.unite is not None and p.rythme in rythmes]
        par_unite |= {(unite, moment): c for unite, c in par(lambda e: e[0].unite, la).items() if unite is not None}
    return Couverture(
        au,
        par(lambda e: None).get(None, Compte()),
        par(lambda e: e[1].cle),
        par(lambda e: e[1].nature),
        par(lambda e: e[0].metier),
        par(lambda e: e[0].esms),
        par(lambda e: (e[0].esms, e[1].cle)),
        par_unite,
        len({p.personne for p in postes if p.esms in perimetre and p.est_tenu(au) and p.est_renfort}),
    )
