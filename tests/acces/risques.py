"""La table d'accès des questionnaires et des risques, un bloc par agrégat. Le financeur n'y lit rien sans partage."""

from collections.abc import Callable
from typing import Any

from tests.acces.lignes import (
    API,
    CONDUIT,
    DECIDE,
    ECRIT_UNE_ACTION,
    EST_DE_LA_GRAPPE,
    LIT_GRILLE,
    LIT_PREPARATION,
    ROLES,
    SAISIT,
    VOIT_GRAPPE,
    VOIT_PARCOURS,
    Ligne,
    _campagne,
    _evaluation,
    _evaluation_d_esms,
    _grappe,
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


def _version(cote: Cote) -> dict[str, int]:
    return {"pk": cote.versionquestionnaire.pk}


def _questionnaire(cote: Cote) -> dict[str, str]:
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

# Le chef de projet pour tout, la direction pour son ESMS.
EVALUE_SON_ESMS = qui("chef_projet directeur", "etranger")

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


def _grille(cote: Cote) -> dict[str, int]:
    return {"pk": cote.grille.pk}


def _juger(transition: str) -> Callable[[Cote], dict[str, Any]]:
    return lambda cote: {"modele": "grille", "pk": cote.grille_d_esms.pk, "transition": transition}


# La grille du monde est celle de la cheffe, pas encore transmise : elle seule la lit. Qui n'est pas de la grappe ne
# sait pas qu'elle existe. On ne juge pas la sienne : ces deux passages-là visent celle d'un autre.
GRILLES: dict[str, Ligne] = {
    "risques:grille-detail": Ligne(_grille, EST_DE_LA_GRAPPE, CONDUIT, ecrit=True),
    "risques:grille-repondre": Ligne(
        lambda c: _grille(c) | {"code": "A1"}, EST_DE_LA_GRAPPE, CONDUIT, lit=False, ecrit=True, genre="fragment"
    ),
    "risques:grille-ressaisir": Ligne(_grille, EST_DE_LA_GRAPPE, CONDUIT, ecrit=True),
    "risques:grille-pdf": Ligne(_grille, EST_DE_LA_GRAPPE, CONDUIT, genre="fichier"),
    "programme:passage commencer grille": Ligne(_passage("grille", "commencer"), EST_DE_LA_GRAPPE, CONDUIT, ecrit=True),
    "programme:passage transmettre grille": Ligne(
        _passage("grille", "transmettre"), EST_DE_LA_GRAPPE, CONDUIT, ecrit=True
    ),
    "programme:passage demander_precision grille": Ligne(
        _juger("demander_precision"), LIT_PREPARATION, EVALUE_SON_ESMS, ecrit=True, naturel="directeur"
    ),
    "programme:passage valider grille": Ligne(
        _juger("valider"), LIT_PREPARATION, EVALUE_SON_ESMS, ecrit=True, naturel="directeur"
    ),
}

# Le chef de projet lit l'analyse une fois transmise : le formulaire montre ce qui ne l'est pas encore.
DIT_LES_SIX_LIGNES = qui("directeur referent siege")

ANALYSES: dict[str, Ligne] = {
    "risques:parcours-risques": Ligne(_parcours, VOIT_PARCOURS, LIT_PREPARATION, naturel="directeur"),
    "risques:parcours-analyse": Ligne(_parcours, VOIT_PARCOURS, DIT_LES_SIX_LIGNES, ecrit=True, naturel="directeur"),
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


def _partage(cote: Cote) -> dict[str, int]:
    return {"pk": cote.partage.pk}


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
