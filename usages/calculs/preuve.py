"""Ce qu'une preuve d'usage met en face d'une cible. Module pur.

Pour chaque indicateur : un chiffre par ESMS (le dernier transmis à la date d'arrêt), la somme des numérateurs sur celle
des dénominateurs, et si la cible est atteinte. Un chiffre qui manque ne compte pour rien, et se dit.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from usages.enums import Forme, Sens

ATTEINTE, PAS_ENCORE, SANS_CIBLE, SANS_CHIFFRE = "atteinte", "pas encore", "sans cible", "sans chiffre"
RECUL_MOIS = 12
"""Un chiffre de plus d'un an ne prouve plus rien de l'usage d'aujourd'hui."""


@dataclass(frozen=True, slots=True)
class Ligne:
    """Le chiffre d'un ESMS ; `numerateur` None : rien de transmis dans l'année, ou un motif."""

    esms: str
    finess: str
    periode: str = ""
    numerateur: Decimal | None = None
    denominateur: Decimal | None = None
    motif: str = ""
    est_valide: bool = False


@dataclass(frozen=True, slots=True)
class Total:
    """Les sommes des ESMS qui ont répondu, et combien ils sont sur combien."""

    numerateur: Decimal
    denominateur: Decimal | None
    nb_repondants: int
    nb_concernes: int

    @property
    def taux(self) -> Decimal | None:
        """De 0 à 1 ; None sans dénominateur."""
        return self.numerateur / self.denominateur if self.denominateur else None


def totaliser(lignes: Iterable[Ligne]) -> Total:
    """Le total ; un ESMS non concerné n'est pas attendu, les autres le sont."""
    lignes = list(lignes)
    dites = [ligne for ligne in lignes if ligne.numerateur is not None]
    rapportees = [ligne.denominateur for ligne in dites if ligne.denominateur is not None]
    return Total(
        sum((ligne.numerateur or Decimal(0) for ligne in dites), Decimal(0)),
        sum(rapportees, Decimal(0)) if rapportees else None,
        len(dites),
        sum(ligne.motif != "non_concerne" for ligne in lignes),
    )


def verdict(forme: str, sens: str, total: Total, cible: Decimal | None) -> str:
    """« atteinte », « pas encore », « sans cible », « sans chiffre » ; la borne compte."""
    mesure = total.taux if forme == Forme.RAPPORT else total.numerateur
    if not total.nb_repondants or mesure is None:
        return SANS_CHIFFRE
    if cible is None:
        return SANS_CIBLE
    atteint = mesure <= cible if sens == Sens.BAISSE else mesure >= cible
    return ATTEINTE if atteint else PAS_ENCORE
