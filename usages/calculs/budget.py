"""Le budget de saisie : cinq chiffres tapés au plus par trimestre et par ESMS (metier §1). Module pur.

Un chiffre du mois se tape trois fois dans un trimestre ; celui du trimestre ou de l'année, une fois (on compte le
trimestre le plus chargé). Un rapport tapé compte son numérateur et son dénominateur, sauf si ce dénominateur est
partagé : il ne se tape alors qu'une fois pour tous. Ce qui se calcule ou s'importe ne coûte rien.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from programme.socle.nombres import accorde
from usages.enums import MOIS_PAR_CADENCE, CadenceReleve, Forme

PLAFOND = 5
"""Chiffres tapés par trimestre et par ESMS."""
MOIS_PAR_TRIMESTRE = 3
FOIS = {c: max(MOIS_PAR_TRIMESTRE // mois, 1) for c, mois in MOIS_PAR_CADENCE.items()}
"""Combien de fois un chiffre de cette cadence se tape, dans le trimestre le plus chargé."""


@dataclass(frozen=True, slots=True)
class Chiffre:
    """Un indicateur suivi, vu du budget. `commun` : la clé de son dénominateur partagé, s'il en a un.

    `non_concernees` : codes des catégories d'ESMS qui n'ont pas à y répondre.
    """

    cle: int
    nom: str
    cadence: str
    forme: str
    est_saisi: bool
    commun: int | None = None
    non_concernees: frozenset[str] = field(default=frozenset())

    @property
    def fois(self) -> int:
        """Combien de fois il se relève dans un trimestre."""
        return FOIS[CadenceReleve(self.cadence)]

    @property
    def cout(self) -> int:
        """Ce qu'il fait taper par trimestre, hors dénominateur partagé."""
        if not self.est_saisi:
            return 0
        seul = self.forme == Forme.RAPPORT and self.commun is None
        return self.fois * (2 if seul else 1)


@dataclass(frozen=True, slots=True)
class Ligne:
    """Ce que coûte un indicateur, et pourquoi."""

    nom: str
    cout: int
    fois: int


@dataclass(frozen=True, slots=True)
class Compte:
    """Ce qui se tape par trimestre dans un ESMS : le total et son détail, le plus cher d'abord."""

    lignes: tuple[Ligne, ...] = ()
    plafond: int = PLAFOND

    @property
    def total(self) -> int:
        """Chiffres tapés par trimestre."""
        return sum(ligne.cout for ligne in self.lignes)

    @property
    def depasse(self) -> int:
        """De combien on dépasse ; 0 si l'on tient dans le budget."""
        return max(self.total - self.plafond, 0)

    @property
    def part(self) -> float:
        """Ce qu'on en emploie, de 0 à 1 ; 1 aussi au-delà."""
        return min(self.total / self.plafond, 1.0)

    @property
    def en_mots(self) -> str:
        """« 4 chiffres tapés par trimestre, sur 5 »."""
        return f"{accorde(self.total, 'chiffre tapé,chiffres tapés')} par trimestre, sur {self.plafond}"

    @property
    def reste(self) -> int:
        """Ce qu'on peut encore faire taper."""
        return max(self.plafond - self.total, 0)


def avec_communs(chiffres: Iterable[Chiffre], catalogue: Mapping[int, Chiffre]) -> list[Chiffre]:
    """Ces chiffres, et les dénominateurs partagés dont ils ont besoin ; chacun une fois, dans l'ordre donné."""
    tous: dict[int, Chiffre] = {c.cle: c for c in chiffres}
    for chiffre in list(tous.values()):
        if chiffre.commun is not None and chiffre.commun in catalogue:
            tous.setdefault(chiffre.commun, catalogue[chiffre.commun])
    return list(tous.values())


def compter(chiffres: Iterable[Chiffre], categorie: str | None = None) -> Compte:
    """Ce que tape, par trimestre, un ESMS de cette catégorie ; sans catégorie, un ESMS que tout concerne."""
    lignes = [
        Ligne(c.nom, c.cout, c.fois)
        for c in {c.cle: c for c in chiffres}.values()
        if c.cout and (categorie is None or categorie not in c.non_concernees)
    ]
    return Compte(tuple(sorted(lignes, key=lambda ligne: -ligne.cout)))


def le_plus_charge(chiffres: Collection[Chiffre], categories: Iterable[str]) -> Compte:
    """Le compte de la catégorie d'ESMS qui tape le plus ; sans catégorie connue, celui d'un ESMS que tout concerne."""
    comptes = [compter(chiffres, categorie) for categorie in sorted(set(categories))]
    return max(comptes, key=lambda compte: compte.total, default=compter(chiffres))
