"""Un COMOP qui arbitre sans quorum, et la cheffe de sa grappe : le décor le plus courant."""

from typing import Any

import pytest

from gouvernance.models import Instance
from tests.fabriques import GrappeFactory, cheffe_de
from tests.gouvernance.fabriques import InstanceFactory


@pytest.fixture
def comop() -> Instance:
    return InstanceFactory(grappe=GrappeFactory(), nom="COMOP", quorum=0)


@pytest.fixture
def cheffe(comop: Instance) -> Any:
    return cheffe_de(comop.grappe)
