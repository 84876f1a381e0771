"""Les droits d'accès d'un ESMS dans l'API : la matrice qui fait foi, ou null ; son classeur, ou 404."""

import io

import pytest
from openpyxl import load_workbook

from programme.enums import Role
from programme.models import Parcours
from programme.socle.porte import changer_etat
from tests.aides import connecte
from tests.fabriques import ModuleFactory, ParcoursFactory, affecter, directrice_de
from tests.formation.fabriques import HabilitationFactory, MatriceFactory, MetierFactory, ProfilFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory()


def adresse(parcours: Parcours, suite: str = "/") -> str:
    return f"/api/v1/parcours/{parcours.pk}/habilitations{suite}"


def test_sans_matrice_validee_null_et_pas_de_fichier(parcours: Parcours) -> None:
    MatriceFactory(parcours=parcours)
    client = connecte(directrice_de(parcours))
    assert client.get(adresse(parcours)).json() == {"parcours": parcours.pk, "matrice": None}
    reponse = client.get(adresse(parcours, ".xlsx"))
    assert reponse.status_code == 404 and "rien à remettre à l'éditeur" in reponse.json()["motif"]


def test_la_matrice_qui_fait_foi(parcours: Parcours) -> None:
    directrice = directrice_de(parcours)
    profil = ProfilFactory(grappe=parcours.grappe, code="educ", nom="Éducatif")
    profil.metiers.add(MetierFactory())
    matrice = MatriceFactory(parcours=parcours)
    HabilitationFactory(matrice=matrice, profil=profil, module=ModuleFactory(code="journal"), droit="ecriture")
    passage = changer_etat(matrice, "valider", par=directrice)
    MatriceFactory(parcours=parcours, numero=2)
    lu = connecte(directrice).get(adresse(parcours)).json()["matrice"]
    assert (lu["numero"], lu["etat"], lu["validee_le"]) == (1, "validee", passage.date_effet.isoformat())
    assert lu["profils"] == [
        {"code": "educ", "nom": "Éducatif", "nature": "educatif", "metiers": ["educateur-specialise"]}
    ]
    assert lu["cases"] == [{"profil": "educ", "module": "journal", "droit": "ecriture", "portee": "unite"}]
    octets = b"".join(connecte(directrice).get(adresse(parcours, ".xlsx")))
    assert load_workbook(io.BytesIO(octets)).sheetnames[0] == "Droits"


def test_le_financeur_n_y_lit_rien(parcours: Parcours) -> None:
    changer_etat(parcours.grappe, "deposer", par=affecter(Role.CHEF_PROJET, parcours.grappe))
    client = connecte(affecter(Role.ARS, parcours.grappe.region))
    for suite in ("/", ".xlsx"):
        assert client.get(adresse(parcours, suite)).status_code == 403
