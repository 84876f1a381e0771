"""L'atteinte d'un objectif, et les gestes types."""

from hypothesis import given
from hypothesis import strategies as st

from formation.calculs import gestes_types
from formation.calculs.changement import A_DIRE, ATTEINT, EN_MOTS, PAS_ENCORE, Mesure, atteinte
from formation.enums import Levier, PublicVise

TOTAUX = st.integers(1, 1000)
PARTS_VISEES = st.integers(0, 100)


@given(PARTS_VISEES, TOTAUX, st.data())
def test_un_objectif_atteint_le_reste_quand_on_fait_plus(visee: int, total: int, donnees: st.DataObject) -> None:
    peu = donnees.draw(st.integers(0, total))
    plus = donnees.draw(st.integers(peu, total))
    if atteinte(visee, Mesure(peu, total)) == ATTEINT:
        assert atteinte(visee, Mesure(plus, total)) == ATTEINT
    assert atteinte(visee, Mesure(total, total)) == ATTEINT
    assert atteinte(visee, Mesure(0, total)) == (ATTEINT if visee == 0 else PAS_ENCORE)


@given(PARTS_VISEES, TOTAUX, st.integers(1, 20), st.data())
def test_l_atteinte_ne_depend_que_de_la_part(visee: int, total: int, fois: int, donnees: st.DataObject) -> None:
    faits = donnees.draw(st.integers(0, total))
    assert atteinte(visee, Mesure(faits, total)) == atteinte(visee, Mesure(faits * fois, total * fois))


def test_pile_a_la_part_visee_c_est_atteint() -> None:
    assert [atteinte(80, Mesure(n, 5)) for n in (3, 4, 5)] == [PAS_ENCORE, ATTEINT, ATTEINT]
    assert atteinte(33, Mesure(1, 3)) == ATTEINT and atteinte(34, Mesure(1, 3)) == PAS_ENCORE


def test_sans_fait_sans_part_visee_ou_sur_rien_on_ne_conclut_pas() -> None:
    assert {atteinte(None, Mesure(1, 1)), atteinte(80, None), atteinte(0, Mesure(0, 0))} == {A_DIRE}
    assert EN_MOTS.keys() == {ATTEINT, PAS_ENCORE, A_DIRE}


def test_chaque_levier_a_un_sens_et_des_gestes() -> None:
    assert gestes_types.SENS.keys() == set(Levier)
    for levier in Levier:
        gestes = gestes_types.gestes_de(levier)
        assert gestes and all(gestes_types.geste_au_rang(str(rang)) == geste for rang, geste in gestes)
    assert all(g.public in PublicVise and len(g.libelle) <= 160 for g in gestes_types.GESTES)
    assert any(g.public == PublicVise.PERSONNES for g in gestes_types.GESTES)


def test_un_lien_vers_un_geste_inconnu_ne_casse_rien() -> None:
    assert [gestes_types.geste_au_rang(mot) for mot in ("", "-1", "9999", "²", "un")] == [None] * 5
