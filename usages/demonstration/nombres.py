"""Les chiffres inventés de la démonstration : toujours les mêmes pour un même ESMS et une même période. Module pur."""

from collections.abc import Mapping

AOUT = 8
SIX_MOIS = 0.86
"""Part des personnes présentes qui le sont depuis plus de six mois."""


def _part(total: int, part: float) -> int:
    return max(0, min(total, round(total * part)))


def du_trimestre(places: int, rang: int, recul: int) -> Mapping[str, int]:
    """Ce qu'un ESMS tape par trimestre, par code d'indicateur. `recul` : trimestres depuis le dernier ; tout progresse.

    `rang` distingue un ESMS d'un autre.
    """
    presents = max(places - (rang + recul) % 3, 4)
    depuis_six_mois = _part(presents, SIX_MOIS)
    return {
        "presents": presents,
        "presents-six-mois": depuis_six_mois,
        "projets-personnalises": _part(depuis_six_mois, 0.81 - rang % 5 * 0.07 - recul * 0.11),
        "contrats-de-sejour": _part(presents, 0.93 - rang % 4 * 0.05 - recul * 0.04),
        "saisies-en-double": 1 + rang % 3 + recul,
    }


def ins_qualifiees(presents: int, rang: int, recul: int) -> int:
    """Les identités nationales de santé qualifiées, d'après l'éditeur."""
    return _part(presents, 0.68 - rang % 4 * 0.09 - recul * 0.13)


def actifs(en_poste: int, rang: int, recul: int, mois: int) -> int:
    """Les personnes en poste qui se sont connectées dans le mois ; l'été en voit moins. `recul` : en mois."""
    creux = 0.2 if mois == AOUT else 0.0
    return _part(en_poste, 0.88 - rang % 5 * 0.05 - recul * 0.02 - creux)


def indisponibilites(rang: int, mois: int) -> int:
    """Heures où le DUI n'a pas répondu : les mêmes pour tous, à une près."""
    return (0, 1, 0, 2, 0, 5)[mois % 6] + rang % 2
