"""La table d'accès de la formation : plan de formation, déclinaisons, formateurs, besoins en places."""

from typing import Any

from tests.acces.lignes import (
    CONDUIT,
    LIT_GRILLE,
    LIT_PREPARATION,
    SAISIT,
    VOIT_GRAPPE,
    VOIT_PARCOURS,
    Ligne,
    _grappe,
    _parcours,
)
from tests.acces.monde import Cote


def _module(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.moduleformation.pk}


def _formateur(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.formateur.pk}


LIGNES: dict[str, Ligne] = {
    "formation:grappe-formation-plan": Ligne(_grappe, VOIT_GRAPPE, LIT_GRILLE, CONDUIT, ecrit=True),
    "formation:grappe-formation-besoins": Ligne(_grappe, VOIT_GRAPPE, LIT_GRILLE),
    "formation:plan-regler": Ligne(_grappe, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "formation:moduleformation-creer": Ligne(_grappe, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "formation:moduleformation-detail": Ligne(_module, LIT_GRILLE, LIT_GRILLE, CONDUIT, ecrit=True),
    "formation:moduleformation-modifier": Ligne(_module, LIT_GRILLE, CONDUIT, ecrit=True),
    "formation:moduleformation-retirer": Ligne(_module, LIT_GRILLE, CONDUIT, ecrit=True),
    "formation:moduleformation-remettre": Ligne(_module, LIT_GRILLE, CONDUIT, ecrit=True, lit=False),
    "formation:formateur-creer": Ligne(_grappe, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "formation:formateur-modifier": Ligne(_formateur, LIT_GRILLE, CONDUIT, ecrit=True),
    "formation:formateur-retirer": Ligne(_formateur, LIT_GRILLE, CONDUIT, ecrit=True),
    "formation:parcours-formation-plan": Ligne(
        _parcours, VOIT_PARCOURS, LIT_PREPARATION, SAISIT, ecrit=True, naturel="directeur"
    ),
}
