"""Qui représente qui : des sièges face aux ESMS d'une grappe, et ceux que personne ne représente (metier §6).

Module pur.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gouvernance.enums import Represente

DES_ESMS = (Represente.OG, Represente.CATEGORIE, Represente.ZONE, Represente.ESMS)
"""Ce qu'un siège représente quand il parle pour des ESMS ; la conduite, les utilisateurs et les proches, non."""


SANS_OG = "Sans organisme gestionnaire"


@dataclass(frozen=True, slots=True)
class Engage:
    """Un ESMS de la grappe. `cle` : son parcours ; le reste : ce qu'un siège peut viser (None : inconnu)."""

    cle: int
    nom: str
    esms: int
    og: int | None
    og_nom: str
    categorie: str
    categorie_nom: str
    departement: str | None


@dataclass(frozen=True, slots=True)
class Siege:
    """Un mandat en cours, réduit à ce qui décide. `comite` : son instance."""

    cle: int
    comite: int
    represente: str
    og: int | None = None
    categorie: str | None = None
    departement: str | None = None
    esms: int | None = None

    @property
    def parle_d_esms(self) -> bool:
        """Vrai s'il représente des ESMS."""
        return self.represente in DES_ESMS

    @property
    def est_fin(self) -> bool:
        """Vrai s'il vise mieux qu'un organisme entier : une catégorie, une zone ou un ESMS."""
        return self.parle_d_esms and any(v is not None for v in (self.categorie, self.departement, self.esms))

    def couvre(self, engage: Engage) -> bool:
        """Vrai si ce siège parle pour cet ESMS : tout ce qu'il vise lui convient."""
        visees = (
            (self.og, engage.og),
            (self.categorie, engage.categorie),
            (self.departement, engage.departement),
            (self.esms, engage.esms),
        )
        dits = [(vise, vu) for vise, vu in visees if vise is not None]
        return self.parle_d_esms and bool(dits) and all(vise == vu for vise, vu in dits)


def representer(engages: Iterable[Engage], sieges: Sequence[Siege]) -> dict[int, tuple[Siege, ...]]:
    """Par clé de parcours, les sièges qui parlent pour l'ESMS ; aucun : personne ne le représente."""
    return {e.cle: tuple(s for s in sieges if s.couvre(e)) for e in engages}


def sans_personne(engages: Iterable[Engage], sieges: Sequence[Siege]) -> list[Engage]:
    """Les ESMS que personne ne représente, dans l'ordre donné."""
    return [e for e in engages if not any(s.couvre(e) for s in sieges)]
