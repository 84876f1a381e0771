"""Une clé démesurée dans l'adresse d'une liste se dit, ou ne trouve rien : jamais une panne."""

import pytest
from django.urls import reverse

from programme.enums import Role
from tests.aides import connecte
from tests.fabriques import affecter

LISTES = (
    "usages:releve-liste",
    "usages:ticket-liste",
    "gouvernance:decision-liste",
    "gouvernance:alerte-liste",
    "programme:action-liste",
    "programme:demandeparametrage-liste",
)


@pytest.mark.django_db
@pytest.mark.parametrize("cle", ["9" * 40, "1e19", "0", "-1", "1.5", "NaN"])
@pytest.mark.parametrize("liste", LISTES)
def test_une_cle_demesuree_n_est_pas_une_panne(liste: str, cle: str) -> None:
    assert connecte(affecter(Role.ADMIN)).get(reverse(liste), {"parcours": cle}).status_code == 200
