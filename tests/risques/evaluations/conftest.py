"""Une grappe, sa cheffe, un ESMS, une évaluation de grappe."""

import pytest

from programme.models import Grappe, Parcours, Utilisateur
from risques.models import Evaluation
from tests.fabriques import GrappeFactory, ParcoursFactory, cheffe_de
from tests.risques.fabriques import (
    campagne_ouverte,
)


@pytest.fixture
def grappe() -> Grappe:
    return GrappeFactory(nom="Rives de Garonne")


@pytest.fixture
def parcours(grappe: Grappe) -> Parcours:
    return ParcoursFactory(grappe=grappe, esms__nom="IME Les Acacias")


@pytest.fixture
def cheffe(grappe: Grappe) -> Utilisateur:
    return cheffe_de(grappe)


@pytest.fixture
def evaluation(grappe: Grappe) -> Evaluation:
    return campagne_ouverte(grappe=grappe).evaluations.get()
