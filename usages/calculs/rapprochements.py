"""Deux suites de blocs rapprochées : ce qui est pareil, ce qui change. Module pur, dont le coût a une borne."""

from collections import Counter
from collections.abc import Hashable, Sequence
from difflib import SequenceMatcher
from itertools import takewhile

PAIRES_MAXIMALES = 100_000
"""Couples de blocs pareils au-delà desquels on ne cherche plus lesquels se répondent : le texte se répète trop."""

Passage = tuple[str, int, int, int, int]
"""Comme `difflib` : « equal », « replace », « delete » ou « insert », et les bornes dans l'une et l'autre suite."""


def rapprocher(avant: Sequence[Hashable], apres: Sequence[Hashable]) -> list[Passage]:
    """Les passages, dans l'ordre ; d'un texte qui se répète trop, le début et la fin communs, et le reste d'un bloc."""
    combien = Counter(apres)
    if sum(combien[bloc] for bloc in avant) <= PAIRES_MAXIMALES:
        return list[Passage](SequenceMatcher(None, avant, apres, autojunk=False).get_opcodes())
    tete = _communs(avant, apres)
    queue = _communs(avant[tete:][::-1], apres[tete:][::-1])
    i, j = len(avant) - queue, len(apres) - queue
    genre = "replace" if tete < i and tete < j else "delete" if tete < i else "insert"
    passages = [("equal", 0, tete, 0, tete), (genre, tete, i, tete, j), ("equal", i, len(avant), j, len(apres))]
    return [p for p in passages if p[1] < p[2] or p[3] < p[4]]


def _communs(un: Sequence[Hashable], autre: Sequence[Hashable]) -> int:
    return sum(1 for _ in takewhile(lambda paire: paire[0] == paire[1], zip(un, autre, strict=False)))
