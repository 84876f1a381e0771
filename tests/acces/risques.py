"""La table d'accès des questionnaires et des risques, un bloc par agrégat. Le financeur n'y lit rien sans partage."""

from typing import Any

from tests.acces.lignes import (
    CONDUIT,
    EST_DE_LA_GRAPPE,
    VOIT_GRAPPE,
    Ligne,
    _passage,
)
from tests.acces.monde import Cote

QUESTIONNAIRES: dict[str, Ligne] = {}

CAMPAGNES: dict[str, Ligne] = {}


def _grille(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.grille.pk}


# La grille du monde est celle de la cheffe, pas encore transmise : elle seule la lit. Qui voit la grappe sait qu'elle
# existe ; les passages ne se montrent qu'à qui en est.
GRILLES: dict[str, Ligne] = {
    "risques:grille-detail": Ligne(_grille, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "risques:grille-repondre": Ligne(
        lambda c: _grille(c) | {"code": "A1"}, VOIT_GRAPPE, CONDUIT, lit=False, ecrit=True, genre="fragment"
    ),
    "risques:grille-ressaisir": Ligne(_grille, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "risques:grille-pdf": Ligne(_grille, VOIT_GRAPPE, CONDUIT, genre="fichier"),
    "programme:passage commencer grille": Ligne(_passage("grille", "commencer"), EST_DE_LA_GRAPPE, CONDUIT, ecrit=True),
    "programme:passage transmettre grille": Ligne(
        _passage("grille", "transmettre"), EST_DE_LA_GRAPPE, CONDUIT, ecrit=True
    ),
    "programme:passage demander_precision grille": Ligne(
        _passage("grille", "demander_precision"), EST_DE_LA_GRAPPE, CONDUIT, ecrit=True
    ),
    "programme:passage valider grille": Ligne(_passage("grille", "valider"), EST_DE_LA_GRAPPE, CONDUIT, ecrit=True),
}

ANALYSES: dict[str, Ligne] = {}

REGISTRE: dict[str, Ligne] = {}

GRAPPE: dict[str, Ligne] = {}

RISQUES: dict[str, Ligne] = QUESTIONNAIRES | CAMPAGNES | GRILLES | ANALYSES | REGISTRE | GRAPPE
