"""Un tableau de bord coûte autant à un ESMS qu'à cinquante, à un indicateur qu'à vingt."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programme.enums import Role
from tests.aides import connecte
from tests.fabriques import DepartementFactory, GrappeFactory, OgFactory, affecter, cheffe_de
from tests.usages.fabriques import CibleFactory, IndicateurFactory
from tests.usages.tableaux.mondes import compter, esms, relever

pytestmark = [pytest.mark.django_db, pytest.mark.une_base]


def _compter(client: object, adresse: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as requetes:
        reponse = client.get(adresse)  # type: ignore[attr-defined]
    assert reponse.status_code == 200
    return len(requetes)


def _remplir(grappe: object, og: object, departement: object, nombre: int, indicateurs: list) -> None:
    for p in esms(grappe, nombre, og=og, departement=departement):  # type: ignore[arg-type]
        for recul in (1, 2):
            relever(p, indicateurs, recul=recul)
    compter()


@pytest.mark.parametrize("nom", ["parcours", "grappe", "og", "region", "pays"])
def test_autant_de_requetes_a_un_esms_qu_a_cinquante(nom: str) -> None:
    departement, grappe, og = DepartementFactory(), GrappeFactory(), OgFactory()
    premier = IndicateurFactory()
    CibleFactory(indicateur=premier, grappe=grappe)
    _remplir(grappe, og, departement, 1, [premier])
    seul = grappe.parcours.get()
    qui: dict[str, Callable[[], tuple[object, list[object]]]] = {
        "parcours": lambda: (affecter(Role.DIRECTEUR, seul.esms), [seul.pk]),
        "grappe": lambda: (cheffe_de(grappe), [grappe.pk]),
        "og": lambda: (affecter(Role.SIEGE, og), [og.pk]),
        "region": lambda: (affecter(Role.GRADES, departement.region), [departement.region_id]),
        "pays": lambda: (affecter(Role.ADMIN, None), []),
    }
    compte, arguments = qui[nom]()
    adresse = reverse(f"usages:{nom}-tableau-de-bord", args=arguments)
    client = connecte(compte)
    _compter(client, adresse)
    avant = _compter(client, adresse)
    autres = IndicateurFactory.create_batch(19)
    for i in autres:
        CibleFactory(indicateur=i, grappe=grappe)
    _remplir(grappe, og, departement, 49, [premier, *autres])
    assert _compter(client, adresse) == avant
    assert avant <= 30
