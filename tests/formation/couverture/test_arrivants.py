"""Les délais des arrivants : une médiane se refait depuis les délais, elle ne s'additionne pas."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from formation.calculs.arrivants import delai_de_formation, repartir

DELAIS = st.lists(st.integers(0, 400))


@given(DELAIS, DELAIS)
def test_deux_ensembles_reunis_refont_leur_mediane(a: list[int], b: list[int]) -> None:
    assert repartir(a) + repartir(b) == repartir(a + b)


@given(DELAIS)
def test_les_tranches_comptent_tout_le_monde(delais: list[int]) -> None:
    lue = repartir(delais)
    assert sum(nb for _, nb in lue.tranches) == lue.nombre
    if delais:
        assert min(delais) <= lue.mediane <= max(delais) and lue.p90 in delais
        assert sum(d <= lue.p90 for d in delais) >= 0.9 * len(delais)


def test_forme_quand_le_dernier_module_est_obtenu() -> None:
    entree = date(2026, 3, 1)
    assert delai_de_formation(entree, {1, 2}, {1: date(2026, 3, 4), 2: date(2026, 3, 11)}) == 10
    assert delai_de_formation(entree, {1, 2}, {1: date(2026, 3, 4)}) is None
    assert delai_de_formation(entree, {1}, {1: date(2025, 1, 1)}) == 0
    assert delai_de_formation(entree, set(), {}) is None
