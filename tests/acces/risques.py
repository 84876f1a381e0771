"""La table d'accès des questionnaires et des risques, un bloc par agrégat. Le financeur n'y lit rien sans partage."""

from tests.acces.lignes import (
    CONDUIT,
    EST_DE_LA_GRAPPE,
    LIT_GRILLE,
    LIT_PREPARATION,
    VOIT_GRAPPE,
    Ligne,
    _campagne,
    _evaluation,
    _evaluation_d_esms,
    _grappe,
    _passage,
    qui,
)

# Le chef de projet pour tout, la direction pour son ESMS.
EVALUE_SON_ESMS = qui("chef_projet directeur", "etranger")

QUESTIONNAIRES: dict[str, Ligne] = {}

# Qui voit une évaluation d'une campagne voit la campagne : comme la grille de préparation, jamais en financeur.
CAMPAGNES: dict[str, Ligne] = {
    "risques:campagne-liste": Ligne(),
    "risques:campagne-creer": Ligne(_grappe, VOIT_GRAPPE, CONDUIT, ecrit=True),
    "risques:campagne-detail": Ligne(_campagne, LIT_GRILLE),
    "risques:campagne-modifier": Ligne(_campagne, LIT_GRILLE, CONDUIT, ecrit=True),
    "programme:passage clore campagne": Ligne(_passage("campagne", "clore"), LIT_GRILLE, CONDUIT, ecrit=True),
    "risques:evaluation-detail": Ligne(_evaluation, EST_DE_LA_GRAPPE),
    "risques:evaluation-detail d'un ESMS": Ligne(_evaluation_d_esms, LIT_PREPARATION, naturel="directeur"),
    "risques:evaluation-designer": Ligne(_evaluation, EST_DE_LA_GRAPPE, CONDUIT, ecrit=True),
    "risques:evaluation-designer d'un ESMS": Ligne(
        _evaluation_d_esms, LIT_PREPARATION, EVALUE_SON_ESMS, ecrit=True, naturel="directeur"
    ),
    "risques:evaluation-consensus": Ligne(_evaluation, EST_DE_LA_GRAPPE, CONDUIT, ecrit=True),
    "risques:evaluation-consensus d'un ESMS": Ligne(
        _evaluation_d_esms, LIT_PREPARATION, EVALUE_SON_ESMS, ecrit=True, naturel="directeur"
    ),
}

GRILLES: dict[str, Ligne] = {}

ANALYSES: dict[str, Ligne] = {}

REGISTRE: dict[str, Ligne] = {}

GRAPPE: dict[str, Ligne] = {}

RISQUES: dict[str, Ligne] = QUESTIONNAIRES | CAMPAGNES | GRILLES | ANALYSES | REGISTRE | GRAPPE
