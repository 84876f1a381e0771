"""La règle d'alerte et la comparaison des comptes coûtent autant à un compte qu'à cent."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from formation.alertes import compte_d_un_sorti
from formation.models import Matrice
from formation.services import import_comptes
from programme.models import Parcours
from programme.models.ouvertures import Unite
from tests.fabriques import ModuleFactory, ParcoursFactory
from tests.formation.fabriques import (
    CompteDuiFactory,
    HabilitationFactory,
    MatriceFactory,
    MetierFactory,
    PosteFactory,
    ProfilFactory,
    il_y_a,
)

pytestmark = pytest.mark.django_db


def peupler(parcours: Parcours, matrice: Matrice, nombre: int) -> None:
    """Une unité, un métier et son profil, un module et sa case ; un poste, un sorti, cinq comptes, à chaque fois."""
    for _ in range(nombre):
        rang = MetierFactory._meta.model.objects.count()
        metier, module = MetierFactory(code=f"metier-{rang}"), ModuleFactory()
        profil = ProfilFactory(grappe=parcours.grappe)
        profil.metiers.add(metier)
        HabilitationFactory(matrice=matrice, profil=profil, module=module)
        unite = Unite.objects.create(parcours=parcours, nom=f"Unité {rang}")
        tenu = PosteFactory(parcours=parcours, metier=metier, unite=unite)
        PosteFactory(parcours=parcours, metier=MetierFactory(code=f"sans-profil-{rang}"))
        sorti = PosteFactory(parcours=parcours, fin=il_y_a(3))
        for poste in (tenu, sorti):
            CompteDuiFactory(parcours=parcours, professionnel=poste.professionnel, profil=profil)
        CompteDuiFactory(parcours=parcours)
        CompteDuiFactory(parcours=parcours, est_partage=True)
        CompteDuiFactory(parcours=parcours, signale_le=il_y_a(30))


@pytest.fixture
def matrice() -> Matrice:
    matrice = MatriceFactory(parcours=ParcoursFactory())
    Unite.objects.create(parcours=matrice.parcours, nom="La première")
    return matrice


def _compter(geste: Any) -> int:
    with CaptureQueriesContext(connection) as captees:
        geste()
    return len(captees)


def test_la_regle_d_alerte_et_la_comparaison(matrice: Matrice) -> None:
    p, au = matrice.parcours, timezone.localdate()

    def mesurer() -> tuple[int, int]:
        regle = _compter(lambda: list(compte_d_un_sorti(au)))
        return regle, _compter(lambda: import_comptes.comparer(p, [], au))

    peupler(p, matrice, 1)
    avant = mesurer()
    peupler(p, matrice, 20)
    for _ in range(5):
        autre = PosteFactory(fin=il_y_a(2))
        CompteDuiFactory(parcours=autre.parcours, professionnel=autre.professionnel)
    assert mesurer() == avant
