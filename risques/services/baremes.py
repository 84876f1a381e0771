"""Le barème d'une grappe, prêt à calculer : ses bornes, et la note à partir de laquelle une réponse inquiète."""

from dataclasses import dataclass

from programme.models import Grappe
from risques.calculs.criticite import Bornes, criticite, niveau
from risques.enums import NiveauRisque
from risques.models import BaremeRisques


@dataclass(frozen=True, slots=True)
class Bareme:
    """Ce qui vaut pour une grappe ; sans réglage, les valeurs du produit."""

    bornes: Bornes
    inquietante: int

    def niveau(self, probabilite: int, impact: int) -> NiveauRisque:
        """Le niveau d'une probabilité et d'un impact, chacun de 1 à 4."""
        return niveau(criticite(probabilite, impact), self.bornes)

    def niveau_de(self, cote: int | None) -> NiveauRisque | None:
        """Le niveau d'une criticité de 1 à 16 ; None si elle n'est pas dite."""
        return None if cote is None else niveau(cote, self.bornes)


def bareme_de(grappe: Grappe) -> Bareme:
    """Celui de cette grappe ; aucune requête s'il est déjà lu (`select_related("grappe__bareme_risques")`)."""
    regle = getattr(grappe, "bareme_risques", None) or BaremeRisques()
    return Bareme(regle.bornes, regle.inquietante)
