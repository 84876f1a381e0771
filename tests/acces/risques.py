"""La table d'accès des questionnaires et des risques, un bloc par agrégat. Le financeur n'y lit rien sans partage."""

from tests.acces.lignes import (
    Ligne,
)

QUESTIONNAIRES: dict[str, Ligne] = {}

CAMPAGNES: dict[str, Ligne] = {}

GRILLES: dict[str, Ligne] = {}

ANALYSES: dict[str, Ligne] = {}

REGISTRE: dict[str, Ligne] = {}

GRAPPE: dict[str, Ligne] = {}

RISQUES: dict[str, Ligne] = QUESTIONNAIRES | CAMPAGNES | GRILLES | ANALYSES | REGISTRE | GRAPPE
