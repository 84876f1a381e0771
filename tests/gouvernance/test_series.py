"""Les dates d'une série : même jour de semaine, même rang dans le mois."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouvernance.calculs.series import dates_de_serie


@pytest.mark.parametrize(
    ("premiere", "mois", "attendues"),
    [
        (date(2026, 12, 8), 1, [date(2026, 12, 8), date(2027, 1, 12), date(2027, 2, 9)]),
        (date(2026, 11, 2), 3, [date(2026, 11, 2), date(2027, 2, 1), date(2027, 5, 3)]),
        # Le 5e jeudi : le dernier, quand le mois n'en a que quatre.
        (date(2026, 10, 29), 1, [date(2026, 10, 29), date(2026, 11, 26), date(2026, 12, 31)]),
    ],
)
def test_le_deuxieme_mardi_reste_le_deuxieme_mardi(premiere: date, mois: int, attendues: list[date]) -> None:
    assert dates_de_serie(premiere, mois, 3) == attendues


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.sampled_from([1, 2, 3, 6]), st.integers(1, 12))
def test_une_date_par_periode_toujours_le_meme_jour_de_semaine(premiere: date, mois: int, nombre: int) -> None:
    dates = dates_de_serie(premiere, mois, nombre)
    assert len(dates) == nombre and dates[0] == premiere
    assert {jour.weekday() for jour in dates} == {premiere.weekday()}
    rangs = [jour.year * 12 + jour.month for jour in dates]
    assert [b - a for a, b in zip(rangs, rangs[1:], strict=False)] == [mois] * (nombre - 1)
