"""La couverture par l'API : les mêmes nombres, les mêmes silences que la page."""

from typing import Any

import pytest
from django.urls import reverse

from programme.models import Parcours, Utilisateur
from tests.aides import connecte
from tests.fabriques import ParcoursFactory, cheffe_de, directrice_de
from tests.formation.fabriques import MetierFactory, ModuleFormationFactory, equipe, former, il_y_a

pytestmark = pytest.mark.django_db


def _lire(parcours: Parcours, compte: Utilisateur, **parametres: Any) -> Any:
    url = reverse("api:parcours-couverture", args=[parcours.pk])
    return connecte(compte).get(url, parametres)


@pytest.fixture
def parcours() -> Parcours:
    """Dix éducateurs dont six formés, deux aides-soignants."""
    parcours = ParcoursFactory()
    module = ModuleFormationFactory(grappe=parcours.grappe, code="prise-en-main")
    for poste in equipe(parcours, 10)[:6]:
        former(poste, module, le=il_y_a(30))
    equipe(parcours, 2, metier=MetierFactory(code="aide-soignant"))
    return parcours


def test_la_direction_lit_tout(parcours: Parcours) -> None:
    lu = _lire(parcours, directrice_de(parcours)).json()
    assert (lu["formes"], lu["en_poste"], lu["taux"]) == (6, 12, 0.5)
    assert {m["code"]: (m["formes"], m["en_poste"]) for m in lu["par_metier"]} == {
        "educateur-specialise": (6, 10),
        "aide-soignant": (0, 2),
    }
    assert lu["par_module"] == [
        {"code": "prise-en-main", "nom": "Prendre en main le DUI", "formes": 6, "en_poste": 12, "taux": 0.5}
    ]


def test_les_petits_groupes_se_taisent(parcours: Parcours) -> None:
    """Deux aides-soignants : masqués, et les éducateurs avec eux, qu'on aurait retranchés du total."""
    lu = _lire(parcours, cheffe_de(parcours.grappe)).json()
    assert (lu["formes"], lu["en_poste"]) == (6, 12)
    assert [(m["formes"], m["en_poste"], m["taux"]) for m in lu["par_metier"]] == [(None, None, None)] * 2


def test_a_une_autre_date(parcours: Parcours) -> None:
    compte = directrice_de(parcours)
    assert _lire(parcours, compte, au=il_y_a(31).isoformat()).json()["formes"] == 0
    assert _lire(parcours, compte, au=il_y_a(5000).isoformat()).json()["taux"] is None


@pytest.mark.parametrize("au", ["2026-02-31", "hier", "31/12/2026"])
def test_une_date_illisible_se_dit(parcours: Parcours, au: str) -> None:
    reponse = _lire(parcours, directrice_de(parcours), au=au)
    assert reponse.status_code == 400
    assert reponse.json() == {"au": ["Date illisible : écrivez AAAA-MM-JJ, par exemple 2026-11-30."]}
