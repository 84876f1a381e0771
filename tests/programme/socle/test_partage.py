"""Compléter un lot de ce qu'il cite : dans les deux sens d'un un-à-un, et sans requête par objet."""

from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist

from programme.models import Parcours
from programme.socle.partage import completer
from tests.fabriques import ConventionFactory, GrappeFactory, ParcoursFactory

pytestmark = pytest.mark.django_db


def test_un_a_un_se_lit_par_les_deux_bouts(django_assert_num_queries: Any) -> None:
    avec, sans = ConventionFactory().grappe, GrappeFactory()
    for grappe in (avec, sans, avec):
        ParcoursFactory(grappe=grappe)
    gardes: dict[Any, Any] = {}
    lus = list(Parcours.objects.order_by("pk"))
    with django_assert_num_queries(2):
        completer(lus, {"grappe": {"convention": {}}}, gardes)
        assert [p.grappe == avec and bool(p.grappe.convention) for p in lus] == [True, False, True]
        with pytest.raises(ObjectDoesNotExist):
            _ = lus[1].grappe.convention
    with django_assert_num_queries(0):
        completer(lus, {"grappe": {"convention": {}}}, gardes)
