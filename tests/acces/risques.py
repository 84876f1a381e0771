"""La table d'accès des questionnaires et des risques, un bloc par agrégat. Le financeur n'y lit rien sans partage."""

from tests.acces.lignes import (
    CONDUIT,
    DECIDE,
    ECRIT_UNE_ACTION,
    EST_DE_LA_GRAPPE,
    LIT_PREPARATION,
    SAISIT,
    VOIT_PARCOURS,
    Ligne,
    _parcours,
    _passage,
    qui,
)
from tests.acces.monde import Cote


def _analyse(cote: Cote) -> dict[str, int]:
    return {"pk": cote.analyselocale.pk}


def _risque(cote: Cote) -> dict[str, int]:
    return {"pk": cote.risque.pk}


def _risque_de_grappe(cote: Cote) -> dict[str, int]:
    return {"pk": cote.risque_de_grappe.pk}


QUESTIONNAIRES: dict[str, Ligne] = {}

CAMPAGNES: dict[str, Ligne] = {}

GRILLES: dict[str, Ligne] = {}

ANALYSES: dict[str, Ligne] = {
    "risques:parcours-risques": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, naturel="directeur"),
    "risques:parcours-analyse": Ligne(_parcours, VOIT_PARCOURS, SAISIT, ecrit=True, naturel="directeur"),
    "risques:analyselocale-detail": Ligne(_analyse, LIT_PREPARATION, code=302),
    "programme:passage transmettre analyse": Ligne(
        _passage("analyselocale", "transmettre"), LIT_PREPARATION, DECIDE, ecrit=True, naturel="directeur"
    ),
    "programme:passage revoir analyse": Ligne(
        _passage("analyselocale", "revoir"), LIT_PREPARATION, DECIDE, ecrit=True, naturel="directeur"
    ),
    "programme:passage accepter analyse": Ligne(
        _passage("analyselocale", "accepter"), LIT_PREPARATION, CONDUIT, ecrit=True
    ),
    "programme:passage demander analyse": Ligne(
        _passage("analyselocale", "demander_precision"), LIT_PREPARATION, CONDUIT, ecrit=True
    ),
}

REGISTRE: dict[str, Ligne] = {
    "risques:risque-liste": Ligne(naturel="directeur"),
    "risques:risque-creer": Ligne(peut=ECRIT_UNE_ACTION, ecrit=True, naturel="directeur"),
    "risques:risque-detail": Ligne(_risque, LIT_PREPARATION, naturel="directeur"),
    "risques:risque-detail grappe": Ligne(_risque_de_grappe, EST_DE_LA_GRAPPE),
    "risques:risque-modifier": Ligne(_risque, LIT_PREPARATION, SAISIT, ecrit=True, naturel="referent"),
    "risques:risque-modifier grappe": Ligne(_risque_de_grappe, EST_DE_LA_GRAPPE, CONDUIT, ecrit=True),
    "risques:risque-action": Ligne(_risque, LIT_PREPARATION, SAISIT, ecrit=True, naturel="directeur"),
    # Sans réponse ni ligne désignée, il n'y a rien à retenir ; ses droits sont éprouvés dans test_suites.
    "risques:suite-donner": Ligne(voit=qui(), ecrit=True),
    "programme:passage traiter risque": Ligne(_passage("risque", "traiter"), LIT_PREPARATION, SAISIT, ecrit=True),
    "programme:passage maitriser risque": Ligne(_passage("risque", "maitriser"), LIT_PREPARATION, SAISIT, ecrit=True),
    "programme:passage clore risque": Ligne(_passage("risque", "clore"), LIT_PREPARATION, SAISIT, ecrit=True),
    "programme:passage rouvrir risque": Ligne(_passage("risque", "rouvrir"), LIT_PREPARATION, SAISIT, ecrit=True),
}

GRAPPE: dict[str, Ligne] = {}

RISQUES: dict[str, Ligne] = QUESTIONNAIRES | CAMPAGNES | GRILLES | ANALYSES | REGISTRE | GRAPPE
