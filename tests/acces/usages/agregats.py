"""La table d'accès des agrégats : chacun lit les siens ; ce qu'il en lit est éprouvé dans tests/usages/agregats."""

from tests.acces.lignes import API, LIT_PREPARATION, VOIT_PARCOURS, Ligne, _parcours

LIGNES: dict[str, Ligne] = {
    "usages:parcours-semblables": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, naturel="directeur"),
    "api:agregat-liste": Ligne(**API | {"code": 400}),
}
