"""Le monde des rappels : un lundi, une directrice que plusieurs choses attendent, un serveur d'envoi capricieux."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from django.utils import timezone

from programme.calculs.cadence import lundi
from programme.enums import Role
from programme.models import Parcours, Utilisateur
from programme.services import envoi_rappels
from programme.socle import a_faire
from programme.socle.a_faire import Ligne
from tests.fabriques import ParcoursFactory, affecter
from tests.programme.rappels.aides import Capricieux, ouvrir


@pytest.fixture
def au() -> date:
    """Le lundi qui vient : le compte existe, la semaine est neuve."""
    return lundi(timezone.localdate()) + timedelta(days=7)


@pytest.fixture
def parcours() -> Parcours:
    return ParcoursFactory(esms__nom="IME des Sources")


@pytest.fixture
def directrice(parcours: Parcours) -> Utilisateur:
    """Son ESMS débute : plusieurs choses l'attendent."""
    return ouvrir(affecter(Role.DIRECTEUR, parcours.esms))


@pytest.fixture
def lignes() -> Iterator[Callable[..., None]]:
    """Remplace toutes les déclarations « à faire » par les lignes données : `lignes(Ligne(…), …)`."""
    avant = dict(a_faire.declarations._objets)

    def poser(*posees: Ligne) -> None:
        a_faire.declarations._objets.clear()
        a_faire.inscrire("essai")(lambda demande: posees)

    yield poser
    a_faire.declarations._objets.clear()
    a_faire.declarations._objets.update(avant)


@pytest.fixture
def serveur(monkeypatch: pytest.MonkeyPatch) -> type[Capricieux]:
    monkeypatch.setattr(envoi_rappels, "get_connection", Capricieux)
    monkeypatch.setattr(Capricieux, "humeur", None)
    monkeypatch.setattr(Capricieux, "muet", False)
    return Capricieux
