"""Une grappe à trois vagues (deux places, une, sans limite), un ESMS, sa direction, qui conduit."""

from datetime import timedelta

import pytest

from programme.models import Grappe, Parcours, Utilisateur, Vague
from tests.fabriques import GrappeFactory, ParcoursFactory, cheffe_de, directrice_de
from tests.programme.moments.aides import AU


@pytest.fixture
def grappe() -> Grappe:
    grappe = GrappeFactory(nom="Rives de Garonne")
    for numero, capacite in ((1, 2), (2, 1), (3, None)):
        Vague.objects.create(
            grappe=grappe,
            numero=numero,
            capacite=capacite,
            debut=AU + timedelta(days=100 * numero),
            fin=AU + timedelta(days=100 * numero + 90),
        )
    return grappe


@pytest.fixture
def parcours(grappe: Grappe) -> Parcours:
    return ParcoursFactory(grappe=grappe, esms__nom="IME Les Acacias")


@pytest.fixture
def directrice(parcours: Parcours) -> Utilisateur:
    return directrice_de(parcours)


@pytest.fixture
def cheffe(grappe: Grappe) -> Utilisateur:
    return cheffe_de(grappe)
