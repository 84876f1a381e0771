"""Ce que les dessins partagent : formes et traits qui se distinguent sans la couleur, arrondi des nombres écrits."""

from programme.socle.nombres import ABSENT, nombre

ROND = "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z"
CARRE = "M-4-4H4V4H-4z"
TRIANGLE = "M0-5.2 5.2 4H-5.2z"
LOSANGE = "M0-5.8 5.8 0 0 5.8-5.8 0z"
CROIX = "M-5-3-3-5 0-2 3-5 5-3 2 0 5 3 3 5 0 2-3 5-5 3-2 0z"
POINTE_EN_BAS = "M0 5.2 5.2-4H-5.2z"
"""Tracés SVG d'une douzaine d'unités, centrés sur zéro."""

PLEIN, TIRETE, POINTILLE = "plein", "tirete", "pointille"
TRAITS = (PLEIN, TIRETE, POINTILLE)
MARQUES = {PLEIN: ROND, TIRETE: CARRE, POINTILLE: TRIANGLE}


def trait_de(rang: int, voulu: str = "") -> str:
    """Le trait voulu, à défaut celui de ce rang, à partir de 0. `ValueError` : trait inconnu, plus de trois séries."""
    if voulu and voulu not in TRAITS:
        raise ValueError(f"Trait inconnu : {voulu}. Choisir parmi {', '.join(TRAITS)}.")
    if rang >= len(TRAITS):
        raise ValueError("Trois séries au plus : au-delà, un dessin ne se lit plus.")
    return voulu or TRAITS[rang]


def arrondi(valeur: float) -> int:
    """L'entier qu'on écrit : une moitié monte, et un écart se calcule sur ce qui est écrit."""
    return int(round(valeur, 6) + 0.5)


def ecart_signe(avant: float | None, apres: float | None) -> str:
    """« + 12 », « − 3 », « 0 » : l'écart des valeurs arrondies ; « — » si l'une manque."""
    if avant is None or apres is None:
        return ABSENT
    ecart = arrondi(apres) - arrondi(avant)
    return "0" if not ecart else f"{'+' if ecart > 0 else '−'} {nombre(abs(ecart))}"
