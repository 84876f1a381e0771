"""Le refus d'un changement : la même chose dite à l'écran et par l'API."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Manque:
    """Ce qui reste à réunir, avec sa mesure et le lien qui le résout."""

    code: str
    libelle: str
    mesure: str = ""
    valeur: float | None = None
    seuil: float | None = None
    source: str = ""
    severite: str = "barre"
    lien: str = ""

    def en_dict(self) -> dict[str, Any]:
        """Forme de l'API."""
        return asdict(self)


@dataclass
class Refus(Exception):
    """Changement refusé : `code` parmi droit, champ, etat, conditions, concurrence."""

    code: str
    motif: str
    manques: list[Manque] = field(default_factory=list)
    champs: dict[str, list[str]] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.motif
