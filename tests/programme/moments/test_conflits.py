"""Ce qui occupe déjà un ESMS : deux périodes qui se touchent, une période à l'envers."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.calculs.chevauchement import Bornes, chevauchent, se_chevauchent
from programme.models import ConflitCalendrier, Parcours, Utilisateur
from tests.programme.moments.aides import AU, poster_un_moment

base = pytest.mark.django_db
jours = st.none() | st.dates()


@settings(deadline=None)
@given(jours, jours, jours, jours)
def test_se_chevaucher_est_partager_un_jour(a: Any, b: Any, c: Any, d: Any) -> None:
    une, autre = Bornes(a, b), Bornes(c, d)
    assert se_chevauchent(une, autre) == se_chevauchent(autre, une)
    droites = all(x is None or y is None or x <= y for x, y in ((a, b), (c, d)))
    if droites:
        debut = max((j for j in (a, c) if j), default=None)
        fin = min((j for j in (b, d) if j), default=None)
        assert se_chevauchent(une, autre) == (debut is None or fin is None or debut <= fin)


def test_une_fenetre_sans_date_ne_touche_rien() -> None:
    periode = Bornes(AU, AU)
    assert chevauchent(Bornes(None, None), [periode]) == []
    assert chevauchent(Bornes(AU, None), [periode]) == [periode]
    assert chevauchent(Bornes(AU + timedelta(days=1), None), [periode]) == []


@base
def test_un_conflit_a_l_envers_se_dit_en_une_phrase(parcours: Parcours, directrice: Utilisateur) -> None:
    donnees = {"genre": "conflit", "nature": "travaux", "debut": "2027-03-10", "fin": "2027-03-01"}
    reponse = poster_un_moment(directrice, parcours, **donnees)
    assert reponse.status_code == 422
    assert "La fin (01/03/2027) précède le début (10/03/2027)" in reponse.content.decode()
    assert not ConflitCalendrier.objects.exists()
    poster_un_moment(directrice, parcours, **(donnees | {"fin": "2027-03-12"}))
    assert ConflitCalendrier.objects.get().quand == "du 10 mars 2027 au 12 mars 2027"
