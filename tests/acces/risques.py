"""La table d'accès des questionnaires et des risques, un bloc par agrégat. Le financeur n'y lit rien sans partage."""

from typing import Any

from tests.acces.lignes import (
    API,
    CONDUIT,
    DECIDE,
    EST_DE_LA_GRAPPE,
    LIT_PREPARATION,
    ROLES,
    VOIT_GRAPPE,
    VOIT_PARCOURS,
    Ligne,
    _grappe,
    _parcours,
    qui,
)
from tests.acces.monde import Cote

QUESTIONNAIRES: dict[str, Ligne] = {}

CAMPAGNES: dict[str, Ligne] = {}

GRILLES: dict[str, Ligne] = {}

ANALYSES: dict[str, Ligne] = {}

REGISTRE: dict[str, Ligne] = {}


def _partage(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.partage.pk}


def _questionnaire(cote: Cote) -> dict[str, Any]:
    return {"code": cote.versionquestionnaire.questionnaire.code}


# Les versions du monde sont celles des deux grappes : qui est de l'une ou de l'autre en lit une.
LIT_UNE_VERSION = qui(ROLES - {"ars", "grades"}, ROLES - {"ars", "grades"})

# Le partage du monde porte sur les leviers : il n'ouvre aucun risque au financeur.
GRAPPE: dict[str, Ligne] = {
    "risques:grappe-risques": Ligne(_grappe, VOIT_GRAPPE, EST_DE_LA_GRAPPE),
    "risques:grappe-bareme": Ligne(_grappe, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "risques:grappe-partages": Ligne(_grappe, VOIT_GRAPPE, EST_DE_LA_GRAPPE, CONDUIT, ecrit=True),
    "risques:parcours-partages": Ligne(
        _parcours, VOIT_PARCOURS, LIT_PREPARATION, DECIDE, ecrit=True, naturel="directeur"
    ),
    "risques:partage-fermer": Ligne(_partage, VOIT_PARCOURS, DECIDE, ecrit=True, naturel="directeur"),
    "risques:parcours-risques-pdf": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, genre="fichier"),
    "api:questionnaire-liste": Ligne(**API),
    "api:questionnaire-detail": Ligne(_questionnaire, LIT_UNE_VERSION, **API),
    "api:parcours-risques": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, **API),
    "api:grappe-risques": Ligne(_grappe, VOIT_GRAPPE, EST_DE_LA_GRAPPE, **API),
}

RISQUES: dict[str, Ligne] = QUESTIONNAIRES | CAMPAGNES | GRILLES | ANALYSES | REGISTRE | GRAPPE
