"""Ce qu'on tait des petits groupes : moins de cinq personnes, ou moins de cinq ESMS, désignent presque l'un d'eux.

On masque un groupe de 1 à `seuil` - 1 ; 0 se montre, il ne désigne personne. Quand le total se lit à côté, un
masqué seul se retrouverait par différence : on masque alors aussi le plus petit des autres, et ainsi de suite tant que
la somme de ce qui est masqué suffit à tout dire (deux groupes masqués qui font deux personnes : une et une).
"""

from collections.abc import Hashable, Mapping
from typing import TypeVar

K = TypeVar("K", bound=Hashable)

SEUIL = 5
"""En dessous, on ne montre pas (metier §8)."""
MOINS_DE_5 = f"moins de {SEUIL}"


def est_petit(effectif: int, seuil: int = SEUIL) -> bool:
    """Vrai s'il désigne presque quelqu'un : de 1 à `seuil` - 1."""
    return 0 < effectif < seuil


def _se_devine(masques: list[int], seuil: int) -> bool:
    """Vrai si leur seule somme dit ce que chacun vaut : un seul, tous à un, tous juste sous le seuil."""
    somme = sum(masques)
    return len(masques) == 1 or somme in (len(masques), len(masques) * (seuil - 1))


def _cles_masquees(groupes: Mapping[K, int], seuil: int) -> set[K]:
    """Les groupes à taire, ceux qu'on tait pour en couvrir un autre compris."""
    masquees = {cle for cle, effectif in groupes.items() if est_petit(effectif, seuil)}
    autres = sorted(
        (cle for cle, effectif in groupes.items() if effectif >= seuil), key=lambda cle: (groupes[cle], str(cle))
    )
    while masquees and autres and _se_devine([groupes[cle] for cle in masquees], seuil):
        masquees.add(autres.pop(0))
    return masquees


def masquer(groupes: Mapping[K, int], seuil: int = SEUIL) -> dict[K, int | None]:
    """Chaque groupe et son effectif, None quand il se tait ; les groupes forment un tout dont le total se lit."""
    masquees = _cles_masquees(groupes, seuil)
    return {cle: None if cle in masquees else effectif for cle, effectif in groupes.items()}


def masquer_couples(groupes: Mapping[K, tuple[int, int]], seuil: int = SEUIL) -> dict[K, tuple[int | None, int | None]]:
    """La même chose pour (en poste, formés) : l'effectif en poste fait le petit groupe ; les deux se taisent."""
    masquees = _cles_masquees({cle: en_poste for cle, (en_poste, _) in groupes.items()}, seuil)
    return {cle: (None, None) if cle in masquees else couple for cle, couple in groupes.items()}


def masquer_total(groupes: Mapping[K, int], seuil: int = SEUIL) -> int | None:
    """Le total à montrer à côté de ces groupes ; None s'il est petit, ou si le montrer dirait ce qu'on masque."""
    total = sum(groupes.values())
    masques = [groupes[cle] for cle in _cles_masquees(groupes, seuil)]
    return None if est_petit(total, seuil) or (masques and _se_devine(masques, seuil)) else total
