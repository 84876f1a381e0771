"""Le cadre légal d'un ESMS : cinq lignes, une date et une référence chacune, jamais de pièce (métier §3)."""

from collections.abc import Collection
from dataclasses import dataclass

from programme.enums import NatureFait
from programme.models import Fait, Parcours

N = NatureFait
LIGNES = (
    (N.CSE, "Avant la préparation : plancher légal.", True),
    (N.CVS, "Une date au compte rendu suffit.", False),
    (N.AIPD, "Avant la préparation : plancher légal.", True),
    (N.INFORMATION, "Avant d'ouvrir une unité : plancher légal.", True),
    (N.HEBERGEMENT, "Avant la préparation : plancher légal.", True),
)


@dataclass(frozen=True, slots=True)
class LigneLegale:
    """Une obligation : sa date et sa référence si elle est remplie. `plancher` : sans elle, un passage attend."""

    nature: NatureFait
    quand: str
    plancher: bool
    fait: Fait | None

    @property
    def libelle(self) -> str:
        """Son nom."""
        return str(self.nature.label)


def cadre_de(faits: Collection[Fait]) -> list[LigneLegale]:
    """Les cinq lignes, d'après les faits d'un ESMS."""
    connus = {fait.nature: fait for fait in faits}
    return [LigneLegale(nature, quand, plancher, connus.get(nature)) for nature, quand, plancher in LIGNES]


def faits_legaux(parcours: Parcours) -> list[Fait]:
    """Les faits datés du cadre légal d'un ESMS ; une requête."""
    return list(parcours.faits.filter(nature__in=[nature for nature, _, _ in LIGNES]).select_related("saisi_par"))
