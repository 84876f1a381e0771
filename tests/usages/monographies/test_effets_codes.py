"""Un effet compte quand ses codeurs s'accordent ; de leurs forces et de leurs preuves, la plus prudente reste."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usages.calculs.effets_codes import Code, compter, retenir, themes_dits
from usages.enums import ForceEffet, PreuveEffet, SensEffet, ThemeEffet

pytestmark = pytest.mark.une_base

CODES = st.builds(
    Code,
    st.sampled_from(ThemeEffet.values),
    st.sampled_from(SensEffet.values),
    st.sampled_from(ForceEffet.values),
    st.sampled_from(PreuveEffet.values),
)


def test_d_accord_on_garde_le_plus_prudent() -> None:
    codes = [Code("qvct", "positif", "forte", "mesuree"), Code("qvct", "positif", "moyenne", "dite")]
    assert retenir(codes) == Code("qvct", "positif", "moyenne", "dite")


@pytest.mark.parametrize(
    "autre", [Code("pilotage", "positif", "forte", "dite"), Code("qvct", "mitige", "forte", "dite")]
)
def test_sans_accord_rien_n_est_retenu(autre: Code) -> None:
    assert retenir([Code("qvct", "positif", "forte", "dite"), autre]) is None
    assert retenir([]) is None


@given(st.lists(CODES, max_size=12))
def test_chaque_effet_retenu_est_compte_une_fois(codes: list[Code]) -> None:
    assert sum(sum(compter(codes, theme).values()) for theme in themes_dits(codes)) == len(codes)


@given(st.permutations([Code("qvct", "positif", f, p) for f in ForceEffet.values for p in PreuveEffet.values]))
def test_l_ordre_des_codeurs_ne_change_rien(codes: list[Code]) -> None:
    assert retenir(codes) == Code("qvct", "positif", "faible", "dite")
