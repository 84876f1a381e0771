"""Où en est une évaluation, d'après les grilles qu'on attend d'elle. Module pur."""

from collections import Counter
from collections.abc import Collection, Iterable

from programme.socle.nombres import accorde
from risques.enums import EtatGrille

SANS_EVALUATEUR = "sans_evaluateur"
MOTS = {SANS_EVALUATEUR: "Personne n'est désigné", **dict(EtatGrille.choices)}
"""Une situation, et son mot à l'écran : celles d'une grille, et celle d'une évaluation qui n'en a pas."""
COMPTES = {
    SANS_EVALUATEUR: "sans évaluateur,sans évaluateur",
    EtatGrille.A_REPONDRE: "à répondre,à répondre",
    EtatGrille.COMMENCEE: "commencée",
    EtatGrille.PRECISION: "précision demandée,précisions demandées",
    EtatGrille.TRANSMISE: "transmise",
    EtatGrille.VALIDEE: "validée",
}
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


def compter(situations: Iterable[str]) -> list[tuple[str, int, str]]:
    """Combien d'évaluations dans chaque situation : (situation, nombre, « 5 transmises »), sans les nombres nuls."""
    comptes = Counter(situations)
    return [(cle, comptes[cle], accorde(comptes[cle], formes)) for cle, formes in COMPTES.items() if comptes[cle]]
