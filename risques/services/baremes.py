"""Le barème d'une grappe, prêt à calculer : ses bornes, et la note à partir de laquelle une réponse inquiète."""

from dataclasses import dataclass

from programme.models import Grappe
from risques.criticite import Bornes, niveau
from risques.enums import NiveauRisque
from risques.models import BaremeRisques


@dataclass(frozen=True, slots=True)
class Bareme:
    """Ce qui vaut pour une grappe ; sans réglage, les valeurs du produit."""

    bornes: Bornes
    inquietante: int

    def niveau(self, probabilite: int, impact: int) -> NiveauRisque:
        """Le niveau d'une probabilité et d'un impact, chacun de 1 à 4."""
        return niveau(probabilite * impact, self.bornes)

    def niveau_de(self, criticite: int | None) -> NiveauRisque | None:
        """Le niveau d'une criticité de 1 à 16 ; None si elle n'est pas dite."""
        return None if criticite is None else niveau(criticite, self.bornes)


def _lu(regle: BaremeRisques) -> Bareme:
    return Bareme(Bornes(regle.significatif, regle.critique, regle.inacceptable), regle.inquietante)


def bareme_de(grappe: Grappe) -> Bareme:
    """Celui de cette grappe ; aucune requête s'il est déjà lu (`select_related("grappe__bareme_risques")`)."""
    return _lu(getattr(grappe, "bareme_risques", None) or BaremeRisques())
