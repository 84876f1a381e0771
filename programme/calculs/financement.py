"""L'arithmétique d'une convention : répartir l'aide entre les tranches, dire où en sont les sommes. Module pur.

Les montants sont en euros, au centime ; une somme inconnue vaut None, jamais zéro.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from programme.enums import EtatJalon

CENTIME = Decimal("0.01")
E = EtatJalon


def au_centime(montant: Decimal) -> Decimal:
    """Arrondi au centime le plus proche."""
    return montant.quantize(CENTIME, rounding=ROUND_HALF_UP)


def repartir(montant: Decimal | None, taux: Sequence[Decimal | None]) -> list[Decimal | None]:
    """Part de chaque tranche : taux × montant, au centime ; la dernière solde l'écart quand les taux font 1.

    `montant` inconnu, ou tranche sans taux : part inconnue. Aucune part n'est négative.
    """
    if montant is None:
        return [None] * len(taux)
    connus = [t for t in taux if t is not None]
    parts = [None if t is None else au_centime(t * montant) for t in taux]
    if len(connus) < len(taux) or not connus or sum(connus) != 1:
        return parts
    soldees = [p for p in parts if p is not None]
    ecart = montant - sum(soldees, Decimal(0))
    # Sur une somme infime, l'arrondi peut dépasser la dernière part : le reste remonte aux précédentes.
    for rang in reversed(range(len(soldees))):
        soldees[rang] += ecart
        ecart = min(soldees[rang], Decimal(0))
        soldees[rang] = max(soldees[rang], Decimal(0))
    return [*soldees]


class JalonLu(Protocol):
    """Ce qu'il faut savoir d'un jalon pour compter."""

    @property
    def etat(self) -> str:
        """Valeur d'`EtatJalon`."""

    @property
    def montant(self) -> Decimal | None:
        """Montant prévu, en euros."""

    @property
    def montant_verse(self) -> Decimal | None:
        """Montant versé, en euros."""


@dataclass(frozen=True, slots=True)
class Bilan:
    """Où en sont les sommes d'une convention. `prevu` : jalons non abandonnés ; `reste` : ni versés, ni abandonnés.

    `nb_sans_montant` : jalons qui restent à percevoir et dont le montant n'est pas connu.
    """

    aide: Decimal | None
    prevu: Decimal
    verse: Decimal
    reste: Decimal
    nb_sans_montant: int

    @property
    def depassement(self) -> Decimal | None:
        """De combien les jalons dépassent l'aide ; None s'ils ne la dépassent pas, ou si elle n'est pas connue."""
        return self.prevu - self.aide if self.aide is not None and self.prevu > self.aide else None


def dresser(aide: Decimal | None, jalons: Iterable[JalonLu]) -> Bilan:
    """Bilan d'une convention : `aide` est son montant, None s'il n'est pas connu."""
    vivants = [j for j in jalons if j.etat != E.ABANDONNE]
    attendus = [j for j in vivants if j.etat != E.VERSE]
    return Bilan(
        aide,
        prevu=sum((j.montant for j in vivants if j.montant is not None), Decimal(0)),
        verse=sum((j.montant_verse for j in vivants if j.montant_verse is not None), Decimal(0)),
        reste=sum((j.montant for j in attendus if j.montant is not None), Decimal(0)),
        nb_sans_montant=sum(j.montant is None for j in attendus),
    )


@dataclass(frozen=True, slots=True)
class Segment:
    """Un morceau de la barre des jalons, en parts de 0 à 1 de sa largeur."""

    debut: float
    largeur: float
    etat: str


def barrer(jalons: Iterable[JalonLu]) -> list[Segment]:
    """La barre des jalons à montant connu, dans leur ordre, chacun large comme sa somme ; vide si rien n'est connu."""
    sommes = [(j.etat, j.montant) for j in jalons if j.etat != E.ABANDONNE and j.montant]
    total = sum((m for _, m in sommes), Decimal(0))
    segments, debut = [], Decimal(0)
    for etat, montant in sommes:
        segments.append(Segment(float(debut / total), float(montant / total), etat))
        debut += montant
    return segments
