"""Où en est une évaluation, d'après les grilles qu'on attend d'elle. Module pur."""

from collections import Counter
from collections.abc import Collection, Iterable

from risques.enums import EtatGrille

SANS_EVALUATEUR = "sans_evaluateur"
MOTS = {SANS_EVALUATEUR: "Personne n'est désigné", **dict(EtatGrille.choices)}
"""Une situation, et son mot à l'écran : celles d'une grille, et celle d'une évaluation qui n'en a pas."""
RENDUES = (EtatGrille.TRANSMISE, EtatGrille.VALIDEE)


def situation(etats: Collection[str]) -> str:
    """Sa situation : une précision attendue prime ; transmise ou validée, seulement si toutes ses grilles le sont."""
    if not etats:
        return SANS_EVALUATEUR
    if EtatGrille.PRECISION in etats:
        return EtatGrille.PRECISION
    if all(e in RENDUES for e in etats):
        return EtatGrille.VALIDEE if set(etats) == {EtatGrille.VALIDEE} else EtatGrille.TRANSMISE
    return EtatGrille.COMMENCEE if set(etats) != {EtatGrille.A_REPONDRE} else EtatGrille.A_REPONDRE


def compter(situations: Iterable[str]) -> list[tuple[str, str, int]]:
    """Combien d'évaluations dans chaque situation : (situation, mot, nombre), sans les nombres nuls."""
    comptes = Counter(situations)
    return [(cle, mot, comptes[cle]) for cle, mot in MOTS.items() if comptes[cle]]
