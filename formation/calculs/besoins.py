"""Combien de places il faut, combien s'offrent, combien manquent. Module pur : ni base, ni horloge.

Besoin d'un ESMS pour un module : les personnes prévues en poste à qui il s'adresse, qui n'y sont pas formées. Celles
qui sont déjà inscrites à une session à venir ont leur place ; les autres restent à placer.

Places offertes à un ESMS : d'abord celles de ses propres sessions. Une session ouverte à toute la grappe ne compte ses
places qu'une fois : elles se répartissent entre les ESMS à proportion de ce qui leur reste à placer, sans jamais en
donner plus qu'il n'en faut. Le total offert ne dépasse donc jamais la somme des places libres.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

K = TypeVar("K", bound=Hashable)


class Tenu(NamedTuple):
    """Un poste prévu ce jour-là : des clés, jamais un nom."""

    professionnel: int
    parcours: int
    metier: int


@dataclass(frozen=True, slots=True)
class Vise:
    """Un module à suivre : `publics` vide, il s'adresse à tous ; `sans_objet` : les ESMS qui l'ont écarté."""

    cle: int
    publics: frozenset[int] = frozenset()
    sans_objet: frozenset[int] = frozenset()

    def concerne(self, poste: Tenu) -> bool:
        """Vrai si ce poste le demande."""
        return poste.parcours not in self.sans_objet and (not self.publics or poste.metier in self.publics)


@dataclass(slots=True)
class Compte:
    """Des personnes distinctes : à qui un module s'adresse, pas encore formées, et déjà inscrites parmi elles."""

    concernes: int = 0
    reste: int = 0
    inscrits: int = 0

    @property
    def a_placer(self) -> int:
        """À former, et inscrites nulle part."""
        return self.reste - self.inscrits


@dataclass(slots=True)
class Besoin:
    """Le besoin d'un ESMS pour un module, et le même par métier.

    Qui tient deux métiers dans l'ESMS compte dans chacun, une fois dans l'ensemble.
    """

    ensemble: Compte = field(default_factory=Compte)
    par_metier: dict[int, Compte] = field(default_factory=dict)


def _compter(personnes: Collection[int], formees: Collection[int], inscrites: Collection[int]) -> Compte:
    restent = [p for p in personnes if p not in formees]
    return Compte(len(personnes), len(restent), sum(p in inscrites for p in restent))


def compter(
    postes: Iterable[Tenu], vise: Vise, formees: Collection[int], inscrites: Collection[int]
) -> tuple[dict[int, Besoin], Compte]:
    """Le besoin de chaque ESMS pour ce module, et celui de tous, où une personne de deux ESMS compte une fois.

    `formees`, `inscrites` : les personnes qui ont l'acquis, et celles qu'une session à venir attend.
    """
    par_esms: dict[int, set[int]] = defaultdict(set)
    par_metier: dict[tuple[int, int], set[int]] = defaultdict(set)
    for poste in postes:
        if vise.concerne(poste):
            par_esms[poste.parcours].add(poste.professionnel)
            par_metier[poste.parcours, poste.metier].add(poste.professionnel)
    besoins = {e: Besoin(_compter(qui, formees, inscrites)) for e, qui in par_esms.items()}
    for (esms, metier), qui in par_metier.items():
        besoins[esms].par_metier[metier] = _compter(qui, formees, inscrites)
    return besoins, _compter(set().union(*par_esms.values()), formees, inscrites)


@dataclass(frozen=True, slots=True)
class Offre(Generic[K]):
    """Les places libres d'une session à venir ; `pour` : l'ESMS à qui on la réserve, None pour toute la grappe."""

    pour: K | None
    libres: int


@dataclass(frozen=True, slots=True)
class Part:
    """Ce qu'un ESMS peut compter de places : les siennes, sa part des sessions de grappe, ce qui manque."""

    propres: int = 0
    partagees: int = 0
    manque: int = 0

    @property
    def offertes(self) -> int:
        """Toutes ses places."""
        return self.propres + self.partagees


def repartir(a_placer: Mapping[K, int], offres: Iterable[Offre[K]]) -> dict[K, Part]:
    """Face à ce qui reste à placer dans chaque ESMS, ses places et ce qui manque."""
    propres, communes = dict.fromkeys(a_placer, 0), 0
    for offre in offres:
        if offre.pour is None:
            communes += offre.libres
        elif offre.pour in propres:
            propres[offre.pour] += offre.libres
    restes = {cle: max(0, nombre - propres[cle]) for cle, nombre in a_placer.items()}
    parts = _au_prorata(communes, restes)
    return {cle: Part(propres[cle], parts[cle], restes[cle] - parts[cle]) for cle in a_placer}


def _au_prorata(places: int, restes: Mapping[K, int]) -> dict[K, int]:
    """Au plus fort reste ; à égalité, dans l'ordre reçu."""
    total = sum(restes.values())
    if places >= total:
        return dict(restes)
    parts = {cle: places * nombre // total for cle, nombre in restes.items()}
    d_abord = sorted(restes, key=lambda cle: -(places * restes[cle] % total))
    for cle in d_abord[: places - sum(parts.values())]:
        parts[cle] += 1
    return parts


def offertes_en_tout(offres: Iterable[Offre[K]]) -> int:
    """Les places libres de toutes ces sessions, chacune une fois."""
    return sum(offre.libres for offre in offres)


def manque_en_tout(parts: Iterable[Part], doublons: int) -> int:
    """Ce qui manque à tous ; `doublons` : les places comptées deux fois, pour qui travaille dans deux ESMS."""
    return max(0, sum(part.manque for part in parts) - doublons)


def sessions_a_prevoir(places: int, par_session: int) -> int:
    """Combien de sessions pour autant de places."""
    return -(-places // par_session)


def heures_d_animation(sessions: int, minutes: int) -> float:
    """Le temps de formateur qu'elles demandent."""
    return sessions * minutes / 60
