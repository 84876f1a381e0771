"""Ce qui fragilise une routine : la règle, seule, puis lue pour un ensemble d'ESMS."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usages.calculs.fragilite import BIENTOT, RECENT, Cause, Faits, Raison, Serie, raisons

AU = date(2026, 11, 30)
VALEURS = st.lists(st.integers(0, 100).map(lambda n: n / 100), min_size=1, max_size=6)


def il_y_a(jours: int) -> date:
    return AU - timedelta(days=jours)


def causes(**faits: Any) -> list[Cause]:
    return [r.cause for r in raisons(Faits(**faits), AU)]


def test_rien_de_connu_ne_fragilise_rien() -> None:
    assert raisons(Faits(), AU) == []


@pytest.mark.parametrize(
    ("jours", "dit"), [(0, True), (RECENT.days, True), (RECENT.days + 1, False), (-1, False)], ids=str
)
def test_un_module_ouvert_depuis_peu(jours: int, dit: bool) -> None:
    attendu = [Raison(Cause.MODULE, "Soins", il_y_a(jours))] if dit else []
    assert raisons(Faits(modules=[("Soins", il_y_a(jours))]), AU) == attendu


def test_un_module_ouvert_avant_la_routine_n_est_pas_neuf() -> None:
    assert causes(depuis=il_y_a(20), modules=[("Soins", il_y_a(20))]) == []
    assert causes(depuis=il_y_a(20), modules=[("Soins", il_y_a(19))]) == [Cause.MODULE]


@pytest.mark.parametrize(
    ("jours", "faite", "dit"),
    [
        (0, True, True),
        (RECENT.days, True, True),
        (RECENT.days + 1, True, False),
        (-BIENTOT.days, False, True),
        (-BIENTOT.days - 1, False, False),
        (RECENT.days, False, True),
        (RECENT.days + 1, False, False),
    ],
)
def test_une_version_installee_ou_qui_vient(jours: int, faite: bool, dit: bool) -> None:
    assert causes(montees=[("4.2", il_y_a(jours), faite)]) == ([Cause.VERSION] if dit else [])


@pytest.mark.parametrize(
    ("en_poste", "arrives", "dit"), [(20, 4, True), (20, 3, False), (5, 1, True), (4, 4, False), (0, 0, False)]
)
def test_une_personne_sur_cinq(en_poste: int, arrives: int, dit: bool) -> None:
    assert causes(en_poste=en_poste, arrives=arrives) == ([Cause.ROTATION] if dit else [])


@given(VALEURS, st.integers(1, 100).map(lambda n: n / 100))
def test_une_baisse_se_compare_a_la_moyenne_des_trois_d_avant(valeurs: list[float], chute: float) -> None:
    avant = valeurs[:-1][-3:]
    perd = len(avant) >= 2 and sum(avant) > 0 and valeurs[-1] <= sum(avant) / len(avant) * (1 - chute) + 5e-7
    assert Serie("x", tuple(valeurs), chute).a_chute == perd


@given(VALEURS.filter(lambda v: len(v) > 2))
def test_remonter_ne_fragilise_jamais(valeurs: list[float]) -> None:
    monte = (*valeurs, max(valeurs) + 0.01)
    assert not Serie("x", monte, 0.01).a_chute


def test_un_dixieme_perdu_s_entend_au_dixieme() -> None:
    assert Serie("x", (0.1, 0.1, 0.09), 0.1).a_chute and Serie("x", (0.3, 0.3, 0.3, 0.21), 0.3).a_chute
    assert not Serie("x", (0.1, 0.1, 0.0901), 0.1).a_chute


def test_les_raisons_vont_de_l_usage_a_ce_qui_le_touchera() -> None:
    tout = {
        "en_poste": 10,
        "arrives": 5,
        "modules": [("Soins", il_y_a(1))],
        "montees": [("4.2", il_y_a(1), True)],
        "series": [Serie("Projets à jour", (1, 1, 0.1), 0.3)],
    }
    assert causes(**tout) == list(Cause)
