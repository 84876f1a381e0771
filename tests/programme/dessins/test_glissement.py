"""Le glissement : l'arithmétique des écarts, et leur place sur l'axe."""

from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.calculs.frise import A_LA_DATE, ecart
from programme.dessins import glissement
from programme.dessins.glissement import Axe, Bilan, bilan

REF, AU = date(2026, 3, 1), date(2026, 11, 24)
ECARTS = st.lists(st.integers(-400, 900), max_size=60)


@dataclass
class Dates:
    reference: date | None = None
    revisee: date | None = None
    reelle: date | None = None


def apres(jours: int) -> Dates:
    return Dates(REF, None, REF + timedelta(days=jours))


@pytest.mark.parametrize(
    ("dates", "jours"),
    [
        (Dates(REF, None, date(2026, 3, 11)), 10),
        (Dates(REF, date(2026, 2, 24)), -5),
        (Dates(REF, date(2027, 3, 1), date(2026, 3, 2)), 1),
        (Dates(REF), None),
        (Dates(None, date(2026, 3, 11)), None),
        (Dates(None, None, date(2026, 3, 11)), None),
        (None, None),
    ],
)
def test_l_ecart_prend_le_reel_puis_le_revise_et_rien_d_autre(dates: Dates | None, jours: int | None) -> None:
    assert glissement.ecart_en_jours(dates) == jours


@given(ECARTS)
def test_le_bilan_est_celui_des_ecarts(ecarts: list[int]) -> None:
    b = bilan([apres(e) for e in ecarts], AU)
    assert sorted(b.ecarts) == sorted(ecarts) and b.nombre == len(ecarts)
    assert b.mediane == (median(ecarts) if ecarts else None)
    assert (b.minimum, b.maximum) == ((min(ecarts), max(ecarts)) if ecarts else (None, None))
    assert b.compte("retard") + b.compte("date") + b.compte("avance") == b.nombre
    assert b.en_retard == sum(e > A_LA_DATE for e in ecarts)


@given(ECARTS, st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
def test_ce_qui_n_a_pas_d_ecart_ne_compte_pas_a_zero(ecarts: list[int], sans: int, venir: int, passees: int) -> None:
    dates = [apres(e) for e in ecarts]
    dates += [None] * sans + [Dates(AU + timedelta(days=9))] * venir + [Dates(REF)] * passees
    b = bilan(dates, AU)
    assert (b.sans_reference, b.en_attente, b.depassees) == (sans, venir + passees, passees)
    assert b.mediane == bilan([apres(e) for e in ecarts], AU).mediane
    assert b.nombre + b.sans_reference + b.en_attente == len(dates)


@given(st.integers(-400, 900))
def test_a_la_date_se_lit_comme_partout_ailleurs(jours: int) -> None:
    mots = ecart(REF + timedelta(days=jours), REF)
    assert (glissement.sens(jours) == "date") is (mots == "à la date")
    assert (glissement.sens(jours) == "retard") is mots.startswith("+")


@pytest.mark.parametrize(
    ("jours", "mots"),
    [
        (12, "+ 12\u00a0j"),
        (-3, "− 3\u00a0j"),
        (8.5, "+ 8,5\u00a0j"),
        (0, "0\u00a0j"),
        (None, "—"),
        (12.0, "+ 12\u00a0j"),
    ],
)
def test_un_nombre_de_jours_se_lit(jours: float | None, mots: str) -> None:
    assert glissement.en_jours(jours) == mots


def test_une_vague_lit_le_dernier_ecart_connu_de_chacun() -> None:
    trajets = [
        [apres(4), Dates(REF, REF + timedelta(days=40)), Dates(REF)],
        [apres(-6), Dates(REF)],
        [Dates(REF), None],
        [None, Dates(None, REF)],
    ]
    b = glissement.bilan_des_derniers(trajets, AU)
    assert (b.ecarts, b.en_attente, b.depassees, b.sans_reference) == ((-6, 40), 1, 1, 1)


@given(ECARTS)
def test_les_points_restent_sur_l_axe_dans_l_ordre_et_zero_aussi(ecarts: list[int]) -> None:
    axe = glissement.axe([Bilan(tuple(sorted(ecarts)))])
    points = axe.points(ecarts)
    assert [p.jours for p in points] == sorted(ecarts)
    assert all(0 < p.x < 100 and 0 < p.y < 44 for p in points)
    assert [p.x for p in points] == sorted(p.x for p in points)
    assert all((p.x > axe.zero) is (p.jours > 0) or p.x == axe.zero for p in points)
    zeros = [x for x, mot, second in axe.reperes() if mot == "à la date" and not second]
    assert zeros == [axe.zero] and len(axe.reperes()) <= 10


def test_deux_ecarts_egaux_s_empilent() -> None:
    points = Axe(-14, 30).points([5, 5, 5])
    assert len({p.y for p in points}) == 3 and len({p.x for p in points}) == 1


def test_une_etape_ne_compte_que_ceux_qui_la_traversent() -> None:
    parcours = [{"cadrage": apres(1), "pilote": None}, {"cadrage": apres(9)}]
    bilans = glissement.par_etape(parcours, ["cadrage", "pilote"], AU)
    assert (bilans["cadrage"].ecarts, bilans["pilote"].sans_reference) == ((1, 9), 1)
