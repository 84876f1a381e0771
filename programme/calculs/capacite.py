"""Une vague et ses places : pleine, dépassée, ce qu'on en dit. Module pur.

Une place est prise par un ESMS rangé dans la vague et qui reste à accompagner (de recensé à l'ouverture) ; en service
régulier, suspendu ou sorti, il la rend. `capacite` nulle : la vague ne se dit pas pleine.
"""

from collections.abc import Iterable
from dataclasses import dataclass

Mouvement = tuple[int | None, int | None]
"""D'où, vers où : clés de vagues, None hors vague. Seulement des ESMS qui prennent une place."""


@dataclass(frozen=True, slots=True)
class Places:
    """Les places d'une vague. `prises` vaut None pour qui n'a pas à le savoir."""

    capacite: int | None
    prises: int | None

    @property
    def reste(self) -> int | None:
        """Places libres, zéro au moins ; None si la capacité ou le compte n'est pas dit."""
        if self.capacite is None or self.prises is None:
            return None
        return max(0, self.capacite - self.prises)

    @property
    def pleine(self) -> bool:
        """Plus une place."""
        return self.capacite is not None and self.prises is not None and self.prises >= self.capacite

    @property
    def depassee(self) -> bool:
        """Plus d'ESMS que de places."""
        return self.capacite is not None and self.prises is not None and self.prises > self.capacite


def apres(prises: dict[int, int], mouvements: Iterable[Mouvement]) -> dict[int, int]:
    """Places prises une fois ces mouvements faits, par vague ; les vagues inconnues ne comptent pas."""
    rendu = dict(prises)
    for de, vers in mouvements:
        if de in rendu and de is not None:
            rendu[de] -= 1
        if vers in rendu and vers is not None:
            rendu[vers] += 1
    return rendu


def dire_pleine(numero: int, capacite: int | None) -> str:
    """La vague, sa capacité, qui décide : une phrase."""
    return (
        f"La vague de déploiement {numero} est pleine ({capacite} ESMS à la fois) : demandez-la depuis « Choisir mon "
        "moment », le chef de projet décidera."
    )


def dire_demandee(numero: int, capacite: int | None) -> str:
    """Ce que lit la direction qui choisit une vague pleine."""
    plein = f"la vague de déploiement {numero} est pleine ({capacite} ESMS à la fois)"
    return f"{plein} ; votre demande attend le chef de projet."


def dire_depassee(numero: int, capacite: int | None, prises: int, *, prevu: bool = False) -> str:
    """Ce que le chef de projet lit après avoir rangé quelqu'un au-delà de la capacité, ou avant (`prevu`)."""
    verbe = "aurait" if prevu else "a maintenant"
    return (
        f"La vague de déploiement {numero} {verbe} {prises} ESMS à accompagner pour une capacité de {capacite} : "
        "décalez-en un, ou revoyez la capacité."
    )
