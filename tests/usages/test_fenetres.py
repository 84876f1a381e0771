"""Les périodes d'un tableau de bord : la dernière finie, jamais celle qui court ; comparer à plus ancien."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from usages.calculs.fenetres import NOMBRES, comparee, fenetres, finie
from usages.calculs.periodes import Periode
from usages.enums import CadenceReleve

MOIS = st.dates(date(2020, 1, 1), date(2040, 1, 1)).map(lambda j: Periode.contenant(j, CadenceReleve.MOIS))
CADENCES = st.sampled_from(CadenceReleve.values)


def test_en_fevrier_on_lit_le_trimestre_et_l_annee_d_avant() -> None:
    mois = Periode.lire("2026-02")
    assert [finie(mois, c).code for c in CadenceReleve.values] == ["2026-02", "2025-T4", "2025"]
    assert finie(Periode.lire("2026-03"), CadenceReleve.TRIMESTRE).code == "2026-T1"


@given(MOIS, CADENCES)
def test_la_periode_lue_est_finie_et_la_suivante_ne_l_est_pas(mois: Periode, cadence: str) -> None:
    lue = finie(mois, cadence)
    assert lue.fin <= mois.fin < lue.suivante().fin


@given(MOIS, MOIS, CADENCES)
def test_on_compare_toujours_a_plus_ancien(mois: Periode, avec: Periode, cadence: str) -> None:
    assert comparee(mois, avec, cadence).debut < finie(mois, cadence).debut


@given(MOIS)
def test_les_fenetres_se_suivent_et_finissent_par_la_periode_lue(mois: Periode) -> None:
    for cadence, periodes in fenetres(mois).items():
        assert len(periodes) == NOMBRES[CadenceReleve(cadence)]
        assert periodes[-1] == finie(mois, cadence)
        assert all(a.suivante() == b for a, b in zip(periodes, periodes[1:], strict=False))
