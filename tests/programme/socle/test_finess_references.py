"""Les tables de référence et le code disent la même chose."""

import csv
from pathlib import Path

import pytest

from programme.socle.finess.secteurs import (
    CATEGORIES_ADRESSE_MASQUEE,
    SECTEURS,
    categories_avec_secteur,
    secteur_de,
    sigle_de,
)
from programme.socle.finess.territoire import DEPARTEMENTS_HISTORIQUES

REFERENCE = Path(__file__).parents[3] / "fixtures" / "reference"
USUELLES = {
    "PA": {"500": "EHPAD", "202": "Résidence autonomie"},
    "PH_ENFANT": {
        "183": "IME",
        "186": "ITEP",
        "182": "SESSAD",
        "189": "CMPP",
        "190": "CAMSP",
        "192": "IEM",
        "188": "EEAP",
    },
    "PH_ADULTE": {
        "246": "ESAT",
        "249": "ESRP",
        "252": "Foyer d'hébergement",
        "255": "MAS",
        "382": "Foyer de vie",
        "437": "FAM",
        "445": "SAMSAH",
        "446": "SAVS",
        "448": "EAM",
        "449": "EANM",
    },
    "DOMICILE": {"354": "SSIAD", "209": "SPASAD", "460": "SAAD"},
    "SOCIAL": {"177": "MECS", "214": "CHRS", "197": "CSAPA"},
}


def table(nom):
    with open(REFERENCE / nom, encoding="utf-8", newline="") as fichier:
        return list(csv.DictReader(fichier, delimiter=";"))


@pytest.mark.parametrize("secteur", SECTEURS)
def test_categories_usuelles(secteur):
    assert {code: sigle_de(code) for code in USUELLES[secteur]} == USUELLES[secteur]
    assert {secteur_de(code) for code in USUELLES[secteur]} == {secteur}


def test_code_inconnu_sans_secteur_ni_sigle():
    assert (secteur_de("999"), sigle_de("999")) == (None, "")
    assert secteur_de("355") is None


def test_la_table_des_categories_suit_le_code():
    lignes = table("categories.csv")
    codes = [ligne["code"] for ligne in lignes]
    assert codes == sorted(set(codes))
    assert categories_avec_secteur() | CATEGORIES_ADRESSE_MASQUEE <= set(codes)
    for ligne in lignes:
        assert (ligne["sigle"], ligne["secteur"]) == (sigle_de(ligne["code"]), secteur_de(ligne["code"]) or "")
        assert ligne["libelle"]
        assert ligne["ouverte"] in ("oui", "non")


def test_departements_et_regions():
    departements, regions = table("departements.csv"), table("regions.csv")
    assert len(departements) == 105
    assert all(ligne["nom"] for ligne in departements + regions)
    assert {ligne["region"] for ligne in departements} == {ligne["code"] for ligne in regions}
    historiques = {ligne["code_finess_historique"]: set() for ligne in departements if ligne["code"][0] == "9"}
    for ligne in departements:
        if ligne["code_finess_historique"] in historiques:
            historiques[ligne["code_finess_historique"]].add(ligne["code"])
    for historique, insee in DEPARTEMENTS_HISTORIQUES.items():
        assert insee in historiques[historique]
