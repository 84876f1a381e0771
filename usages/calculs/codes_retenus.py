"""Le code retenu d'un constat quand plusieurs personnes l'ont codé. Module pur.

La règle, la même partout : un code est retenu si plus de la moitié de ceux qui ont codé le constat l'ont donné. Sinon,
le constat est « en désaccord » sur cette dimension : il se compte à part, et personne ne choisit à la place des
codeurs. Chaque dimension (thème, sens, force, preuve) se retient séparément.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

REGLE = (
    "Un code est retenu si plus de la moitié de ceux qui ont codé le constat l'ont donné ; sinon le constat est compté "
    "à part, « en désaccord »."
)
DIMENSIONS = ("theme", "sens", "force", "preuve")
EN_DESACCORD, PAS_CODE = "en_desaccord", "pas_code"
"""Ce qui tient lieu de code quand il n'y en a pas à retenir."""
DITS = {EN_DESACCORD: "En désaccord", PAS_CODE: "Pas codé"}


class Base(StrEnum):
    """Sur quoi repose un code retenu."""

    PERSONNE = "Pas codé"
    SEUL = "Un seul codeur"
    UNANIME = "Tous d'accord"
    MAJORITE = "À la majorité"
    DESACCORD = "En désaccord"


@dataclass(frozen=True, slots=True)
class Retenu:
    """Un code retenu, `EN_DESACCORD` ou `PAS_CODE`. `pour` : combien l'ont donné, `sur` combien de codeurs."""

    code: str
    pour: int
    sur: int

    @property
    def est_un_code(self) -> bool:
        """Vrai si les codeurs, ou la plupart, ont dit ce code."""
        return self.code not in DITS

    @property
    def base(self) -> Base:
        """Sur quoi il repose."""
        if not self.sur:
            return Base.PERSONNE
        if not self.est_un_code:
            return Base.DESACCORD
        if self.sur == 1:
            return Base.SEUL
        return Base.UNANIME if self.pour == self.sur else Base.MAJORITE


def retenir(codes: Sequence[str]) -> Retenu:
    """Le code retenu de ceux qu'ont donnés les codeurs d'un constat, un chacun."""
    if not codes:
        return Retenu(PAS_CODE, 0, 0)
    code, pour = Counter(codes).most_common(1)[0]
    return Retenu(code if 2 * pour > len(codes) else EN_DESACCORD, pour, len(codes))
