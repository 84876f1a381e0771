"""L'état d'un chantier, calculé depuis ce que des témoins constatent. Module pur ; chaque app inscrit ses témoins.

Un témoin dit un fait d'un ESMS (une date, une action de la checklist, des données à reprendre) : rien n'est commencé,
c'est commencé, c'est fait, ou sans objet. Un chantier est prêt quand tous ses témoins le sont. Rien de tout cela ne
barre un passage : ce sont les conditions qui le font.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, TypeVar

from programme.enums import Chantier, EtatChantier
from programme.socle.registres import Registre

T = TypeVar("T")


class Avancee(IntEnum):
    """Ce qu'un témoin constate."""

    SANS_OBJET = -1
    RIEN = 0
    COMMENCEE = 1
    FAITE = 2


@dataclass(frozen=True, slots=True)
class Constat:
    """Un fait constaté pour un ESMS ; `detail` le mesure (« le 3 nov. 2026 », « reste 40 dossiers »)."""

    libelle: str
    avancee: Avancee
    detail: str = ""
    lien: str = ""
    geste: str = "Compléter"

    @property
    def manque(self) -> bool:
        """Reste à réunir."""
        return self.avancee in (Avancee.RIEN, Avancee.COMMENCEE)


def etat_calcule(constats: Iterable[Constat]) -> EtatChantier:
    """À commencer, en cours, prêt ; sans objet si tout l'est. Rien pour le dire : à commencer."""
    avancees = [c.avancee for c in constats]
    comptent = [a for a in avancees if a != Avancee.SANS_OBJET]
    if not comptent:
        return EtatChantier.SANS_OBJET if avancees else EtatChantier.A_COMMENCER
    if all(a == Avancee.FAITE for a in comptent):
        return EtatChantier.PRET
    return EtatChantier.EN_COURS if any(comptent) else EtatChantier.A_COMMENCER


@dataclass
class Lot:
    """Des parcours lus ensemble (par clé, avec `esms` et `grappe`) ; `une_fois` partage une lecture entre témoins."""

    parcours: Mapping[int, Any]
    lues: dict[str, Any] = field(default_factory=dict)

    def une_fois(self, code: str, calcul: Callable[[], T]) -> T:
        """Rend ce que `calcul` a rendu la première fois."""
        if code not in self.lues:
            self.lues[code] = calcul()
        return self.lues[code]


Lecture = Callable[[Lot], Mapping[int, Constat]]


@dataclass(frozen=True)
class Temoin:
    """`lire(lot)` rend le constat de chaque parcours, en un nombre constant de requêtes ; absent : il n'en dit rien."""

    code: str
    chantier: Chantier
    lire: Lecture


temoins: Registre[Temoin] = Registre("témoins des chantiers")


def inscrire(code: str, chantier: Chantier, lire: Lecture) -> Temoin:
    """Inscrit un témoin ; à appeler depuis le `temoins.py` de l'app, que le socle découvre."""
    return temoins.inscrire(code, Temoin(code, chantier, lire))


def constater(parcours: Collection[Any]) -> dict[int, dict[Chantier, list[Constat]]]:
    """Par parcours, les constats de chaque chantier, dans l'ordre d'inscription des témoins."""
    lot = Lot({p.pk: p for p in parcours})
    rendu: dict[int, dict[Chantier, list[Constat]]] = {cle: {c: [] for c in Chantier} for cle in lot.parcours}
    for temoin in temoins:
        for cle, constat in temoin.lire(lot).items():
            rendu[cle][temoin.chantier].append(constat)
    return rendu
