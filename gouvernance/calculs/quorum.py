"""Le quorum d'une séance : les voix présentes face à ce que l'instance demande. Module pur."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quorum:
    """`requis` : voix qu'il faut ; 0 si l'instance n'en demande pas."""

    presentes: int
    voix: int
    requis: int

    @property
    def atteint(self) -> bool:
        """Vrai si l'on peut arbitrer."""
        return self.presentes >= self.requis

    @property
    def constat(self) -> bool | None:
        """Ce que la séance garde : atteint ou non ; None si rien n'était demandé."""
        return self.atteint if self.requis else None


def juger(*, presentes: int, voix: int, part: int) -> Quorum:
    """`part` : pour cent des voix. Une instance qui en demande une n'arbitre jamais sans personne."""
    requis = max(1, -(-voix * part // 100)) if part else 0
    return Quorum(presentes, voix, requis)
