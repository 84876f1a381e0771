"""La table d'accès des questionnaires et des risques, un bloc par agrégat. Le financeur n'y lit rien sans partage."""

from typing import Any

from tests.acces.lignes import (
    CONDUIT,
    EST_DE_LA_GRAPPE,
    ROLES,
    Ligne,
    _passage,
    qui,
)
from tests.acces.monde import Cote


def _version(cote: Cote) -> dict[str, Any]:
    return {"pk": cote.versionquestionnaire.pk}


def _questionnaire(cote: Cote) -> dict[str, Any]:
    return {"code": cote.versionquestionnaire.questionnaire.code}


# Le questionnaire du monde a une version de chaque côté : qui est de l'une des deux grappes le voit.
VOIT_LE_QUESTIONNAIRE = qui(ROLES - {"ars", "grades"}, ROLES - {"ars", "grades"})

QUESTIONNAIRES: dict[str, Ligne] = {
    "risques:questionnaire-liste": Ligne(),
    "risques:questionnaire-importer": Ligne(peut=qui("chef_projet admin etranger"), ecrit=True),
    "risques:questionnaire-detail": Ligne(_questionnaire, VOIT_LE_QUESTIONNAIRE),
    "risques:versionquestionnaire-detail": Ligne(_version, EST_DE_LA_GRAPPE, peut_ecrire=CONDUIT, ecrit=True),
    "risques:version-export": Ligne(lambda c: _version(c) | {"forme": "xlsx"}, EST_DE_LA_GRAPPE, genre="fichier"),
    "risques:version-vierge": Ligne(_version, EST_DE_LA_GRAPPE, genre="fichier"),
    "programme:passage retirer version": Ligne(
        _passage("versionquestionnaire", "retirer"), EST_DE_LA_GRAPPE, CONDUIT, ecrit=True
    ),
}

CAMPAGNES: dict[str, Ligne] = {}

GRILLES: dict[str, Ligne] = {}

ANALYSES: dict[str, Ligne] = {}

REGISTRE: dict[str, Ligne] = {}

GRAPPE: dict[str, Ligne] = {}

RISQUES: dict[str, Ligne] = QUESTIONNAIRES | CAMPAGNES | GRILLES | ANALYSES | REGISTRE | GRAPPE
