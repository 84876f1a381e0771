"""Une grappe de deux modules, un ESMS, sa directrice, deux profils, une variante vide."""

from typing import Any

import pytest

from formation.models import Matrice, Profil
from formation.services import matrices as services
from programme.models import Grappe, Parcours
from tests.fabriques import GrappeFactory, ModuleFactory, ParcoursFactory, cheffe_de, directrice_de
from tests.formation.fabriques import ProfilFactory


@pytest.fixture
def grappe() -> Grappe:
    grappe = GrappeFactory()
    grappe.modules.add(
        ModuleFactory(code="journal", nom="Journal", ordre=1), ModuleFactory(code="soins", nom="Soins", ordre=2)
    )
    return grappe


@pytest.fixture
def parcours(grappe: Grappe) -> Parcours:
    return ParcoursFactory(grappe=grappe)


@pytest.fixture
def cheffe(grappe: Grappe) -> Any:
    return cheffe_de(grappe)


@pytest.fixture
def directrice(parcours: Parcours) -> Any:
    return directrice_de(parcours)


@pytest.fixture
def educ(grappe: Grappe) -> Profil:
    return ProfilFactory(grappe=grappe, code="educatif", nom="Éducatif", ordre=1)


@pytest.fixture
def veille(grappe: Grappe) -> Profil:
    return ProfilFactory(grappe=grappe, code="veille", nom="Veille", ordre=2)


@pytest.fixture
def variante(parcours: Parcours, directrice: Any, educ: Profil, veille: Profil) -> Matrice:
    return services.ouvrir_variante(parcours=parcours, par=directrice)
