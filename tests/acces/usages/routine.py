"""La table d'accès de la routine d'un ESMS : pas pour qui n'y est que financeur."""

from tests.acces.lignes import LIT_PREPARATION, VOIT_PARCOURS, Ligne, _parcours

LIGNES: dict[str, Ligne] = {
    "usages:parcours-routine": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, naturel="directeur"),
}
