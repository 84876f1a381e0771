"""La prévision d'un chiffre : une pente médiane, des bornes tenues, et rien quand on n'en sait pas assez."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usages.calculs.prevision_usage import AU_PLUS_LOIN, HORIZON, MINIMUM, periodes_avant, prevoir

TAUX = st.floats(0, 1, allow_nan=False)
SERIES = st.lists(st.one_of(st.none(), TAUX), max_size=14)


@given(st.floats(-5, 5), st.floats(0, 1000), st.integers(MINIMUM, 12))
def test_une_droite_se_prolonge_exactement(pente: float, depart: float, nombre: int) -> None:
    prevue = prevoir([depart + pente * n for n in range(nombre)], plancher=-1e9)
    assert prevue is not None
    assert prevue.valeurs == pytest.approx([depart + pente * n for n in range(nombre, nombre + HORIZON)], abs=1e-6)


@given(SERIES)
def test_la_prevision_tient_dans_ses_bornes(serie: list[float | None]) -> None:
    prevue = prevoir(serie, plafond=1.0)
    assert prevue is None or all(0 <= v <= 1 for v in prevue.valeurs)


@given(SERIES)
def test_sous_quatre_chiffres_on_ne_prevoit_rien(serie: list[float | None]) -> None:
    if sum(v is not None for v in serie) < MINIMUM:
        assert prevoir(serie) is None
        assert periodes_avant(serie, 0.5) is None


def test_un_silence_de_deux_mois_et_l_on_ne_prevoit_plus() -> None:
    assert prevoir([0.1, 0.2, 0.3, 0.4, None]) is not None
    assert prevoir([0.1, 0.2, 0.3, 0.4, None, None]) is None


def test_un_trou_ne_decale_pas_la_suite() -> None:
    prevue = prevoir([10.0, 20.0, None, 40.0, 50.0])
    assert prevue is not None and prevue.valeurs == pytest.approx([60, 70, 80])
    en_retard = prevoir([10.0, 20.0, 30.0, 40.0, None])
    assert en_retard is not None and en_retard.valeurs == pytest.approx([60, 70, 80])


@given(st.floats(0.5, 5), st.integers(1, 4), st.floats(-1000, 1000))
def test_un_mois_aberrant_ne_change_pas_la_pente(pente: float, ou: int, bruit: float) -> None:
    serie: list[float | None] = [100 + pente * n for n in range(6)]
    serie[ou] = bruit
    prevue = prevoir(serie, plancher=-1e9)
    assert prevue is not None and prevue.pente == pytest.approx(pente)


@given(st.lists(TAUX, min_size=MINIMUM, max_size=12), st.floats(-3, 3))
def test_deplacer_la_serie_deplace_la_prevision(serie: list[float], de: float) -> None:
    ici, la = prevoir(serie, plancher=-1e9), prevoir([v + de for v in serie], plancher=-1e9)
    assert ici is not None and la is not None
    assert [v + de for v in ici.valeurs] == pytest.approx(la.valeurs, abs=1e-6)


def test_dans_combien_de_periodes() -> None:
    assert periodes_avant([10.0, 20.0, 30.0, 40.0], 60) == 2
    assert periodes_avant([10.0, 20.0, 30.0, 40.0], 55) == 2
    assert periodes_avant([10.0, 20.0, 30.0, 40.0], 40) == 0
    assert periodes_avant([10.0, 20.0, 30.0, 40.0], 5) is None
    assert periodes_avant([40.0, 30.0, 20.0, 10.0], 5) == 1
    assert periodes_avant([10.0, 10.0, 10.0, 10.0], 20) is None
    assert periodes_avant([1.0, 2.0, 3.0, 4.0], 4 + AU_PLUS_LOIN + 1) is None
    assert periodes_avant([10.0, 20.0, 30.0, 40.0, None], 60) == 1


@given(st.lists(st.integers(0, 100), min_size=MINIMUM, max_size=10), st.integers(0, 100))
def test_la_cible_est_tenue_au_rythme_dit_et_pas_avant(serie: list[int], cible: int) -> None:
    prevue = prevoir([float(v) for v in serie], plancher=-1e9)
    assert prevue is not None
    pente, dernier = prevue.pente, serie[-1]

    def atteinte(pas: int) -> bool:
        return (dernier + pente * pas - cible) * (1 if pente > 0 else -1) >= -1e-6

    dans = periodes_avant([float(v) for v in serie], float(cible))
    if dans is None:
        assert pente == 0 or (cible - dernier) * pente < 0 or not atteinte(AU_PLUS_LOIN)
    elif dans == 0:
        assert dernier == cible
    else:
        assert atteinte(dans)
        avant = dernier + pente * (dans - 1)
        assert (avant < cible + 1e-6) if pente > 0 else (avant > cible - 1e-6)
