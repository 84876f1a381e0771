"""Les demandes à un éditeur selon le temps attendu : une barre par tranche, réponses et attentes. Module pur."""

from collections.abc import Iterable
from dataclasses import dataclass

from programme.socle.nombres import accorde
from usages.calculs.delais_editeurs import Quantile, Tranche


@dataclass(frozen=True, slots=True)
class Barre:
    """Une tranche : son nom, la part répondue et la part sans réponse, de 0 à 1 de la plus grande tranche."""

    nom: str
    tranche: Tranche
    repondues: float
    sans_reponse: float

    @property
    def phrase(self) -> str:
        """La même chose en mots."""
        if not self.tranche.total:
            return "aucune demande"
        morceaux = []
        if self.tranche.repondues:
            morceaux.append(accorde(self.tranche.repondues, "réponse reçue,réponses reçues"))
        if self.tranche.sans_reponse:
            morceaux.append(accorde(self.tranche.sans_reponse, "demande sans réponse,demandes sans réponse"))
        return ", ".join(morceaux)


def nom_de(tranche: Tranche) -> str:
    """« 7 jours ou moins », « de 8 à 14 jours », « plus de 180 jours »."""
    if tranche.a is None:
        return f"plus de {tranche.de - 1} jours"
    return f"de {tranche.de} à {tranche.a} jours" if tranche.de else f"{tranche.a} jours ou moins"


def barres(tranches: Iterable[Tranche]) -> list[Barre]:
    """Une barre par tranche, à la même échelle."""
    toutes = list(tranches)
    echelle = max((t.total for t in toutes), default=0) or 1
    return [Barre(nom_de(t), t, t.repondues / echelle, t.sans_reponse / echelle) for t in toutes]


def en_mots(quantile: Quantile) -> str:
    """« 12 jours », « plus de 30 jours » quand trop de demandes attendent encore, « — » si l'on ne sait pas."""
    if quantile.jours is None:
        return "—"
    dit = accorde(quantile.jours, "jour")
    return f"plus de {dit}" if quantile.est_borne else dit
