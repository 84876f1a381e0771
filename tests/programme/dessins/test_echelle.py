"""L'axe du temps : bornes, repères, aller et retour."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.dessins import echelle
from programme.dessins.echelle import ANNEE, LARGEUR, MOIS, TRIMESTRE, Echelle

AU = date(2026, 11, 24)
JOURS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
PAS = st.sampled_from([echelle.TOUT, *echelle.PAS])


@given(st.lists(JOURS, max_size=30), JOURS, PAS)
def test_tout_jour_tient_dans_le_dessin_et_aujourd_hui_aussi(jours: list[date], au: date, pas: str) -> None:
    e = echelle.echelle(jours, au, pas)
    assert e.debut.day == 1 and (e.fin + timedelta(days=1)).day == 1
    assert all(e.debut < j < e.fin and 0 < e.x(j) < e.largeur for j in [*jours, au])


@given(st.lists(JOURS, min_size=2, max_size=20), PAS)
def test_l_ordre_des_jours_est_celui_des_abscisses_et_l_on_en_revient(jours: list[date], pas: str) -> None:
    e = echelle.echelle(jours, AU, pas)
    xs = [e.x(j) for j in sorted(jours)]
    assert xs == sorted(xs)
    assert all(abs((e.jour(e.x(j)) - j).days) <= 1 for j in jours)


@given(st.lists(JOURS, max_size=10), PAS)
def test_les_reperes_sont_des_debuts_de_mois_espaces(jours: list[date], pas: str) -> None:
    e = echelle.echelle(jours, AU, pas)
    xs = [r.x for r in e.reperes()]
    assert xs == sorted(xs) and all(
        b - a >= (12 if pas == echelle.TOUT else echelle.PAS[pas][1] * 0.9) for a, b in zip(xs, xs[1:], strict=False)
    )
    assert all(e.jour(x).day in (1, 2, 30, 31, 28, 29) for x in xs)


def test_une_periode_courte_remplit_la_largeur_une_longue_defile() -> None:
    assert echelle.echelle([date(2026, 10, 1)], AU, TRIMESTRE).largeur == LARGEUR
    assert echelle.echelle([date(2016, 1, 1)], AU, MOIS).largeur > 5 * LARGEUR


@pytest.mark.parametrize(("debut", "pas"), [((2026, 6), MOIS), ((2024, 6), TRIMESTRE), ((2017, 6), ANNEE)])
def test_tout_voir_tient_dans_la_page_et_gradue_au_plus_fin(debut: tuple[int, int], pas: str) -> None:
    e = echelle.echelle([date(*debut, 20)], AU)
    assert (e.largeur, e.pas) == (LARGEUR, pas)


def test_sans_aucune_date_on_voit_autour_d_aujourd_hui() -> None:
    e = echelle.echelle([None], AU)
    assert e.debut <= date(2026, 8, 31) and e.fin >= date(2027, 8, 1)


@pytest.mark.parametrize(
    ("pas", "noms"),
    [
        (MOIS, ["nov.", "déc.", "janv.", "févr."]),
        (TRIMESTRE, ["T1"]),
        (ANNEE, [""]),
    ],
)
def test_les_reperes_se_nomment(pas: str, noms: list[str]) -> None:
    e = Echelle(date(2026, 11, 1), date(2027, 2, 28), 900, pas)
    assert [r.nom for r in e.reperes()] == noms
    assert [a.nom for a in e.annees()] == ["2026", "2027"]


def test_une_annee_trop_etroite_ne_s_ecrit_pas() -> None:
    e = Echelle(date(2025, 12, 1), date(2027, 12, 31), 300)
    assert [a.nom for a in e.annees()] == ["", "2026", "2027"]


def test_hors_de_la_periode_on_reste_au_bord() -> None:
    e = Echelle(date(2026, 1, 1), date(2026, 12, 31), 365)
    assert (e.x(date(2020, 1, 1)), e.x(date(2030, 1, 1))) == (0, 365)
