"""Quand un rappel est dû : arithmétique seule."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.calculs.cadence import RATTRAPAGE, Cadence, jour_du, lundi, prochain
from programme.enums import FrequenceRappel, JourRappel

JOURS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
FREQUENCES = st.sampled_from(FrequenceRappel.values)
CADENCES = st.builds(
    Cadence,
    frequence=FREQUENCES,
    jour=st.sampled_from(JourRappel.values),
    muet_jusqu_au=st.none() | JOURS,
    depuis=st.none() | JOURS,
)
LUNDI = date(2026, 11, 30)


def _jours(debut: date, nombre: int) -> list[date]:
    return [debut + timedelta(days=n) for n in range(nombre)]


@given(CADENCES, JOURS)
def test_au_plus_un_jour_par_semaine_ouvre_et_hors_du_silence(cadence: Cadence, debut: date) -> None:
    tombes = [j for j in _jours(debut, 400) if cadence.tombe(j)]
    assert len({lundi(j) for j in tombes}) == len(tombes)
    assert all(j.isoweekday() == cadence.jour <= 5 and not cadence.est_muette(j) for j in tombes)
    assert all(j >= cadence.depuis for j in tombes if cadence.depuis)


@given(st.sampled_from(JourRappel.values), JOURS)
def test_chaque_cadence_a_son_pas(jour: int, debut: date) -> None:
    def tombes(frequence: str, pendant: int) -> list[date]:
        return [j for j in _jours(debut, pendant) if Cadence(frequence, jour).tombe(j)]

    semaine, quinzaine = tombes("semaine", 70), tombes("quinzaine", 140)
    assert {b - a for a, b in zip(semaine, semaine[1:], strict=False)} == {timedelta(days=7)}
    assert {b - a for a, b in zip(quinzaine, quinzaine[1:], strict=False)} == {timedelta(days=14)}
    mois = tombes("mois", 366)
    assert len({(j.year, j.month) for j in mois}) == len(mois) and 11 <= len(mois) <= 13
    assert not tombes("jamais", 100)


@given(CADENCES, JOURS)
def test_un_rattrapage_reste_dans_la_semaine_et_court(cadence: Cadence, au: date) -> None:
    du = jour_du(cadence, au)
    if du:
        assert cadence.tombe(du) and lundi(du) == lundi(au) and au - RATTRAPAGE <= du <= au
        assert not cadence.est_muette(au)
    else:
        assert not cadence.tombe(au)


@given(CADENCES, JOURS, st.booleans())
def test_le_prochain_jour_annonce_est_un_jour_ou_l_on_envoie(cadence: Cadence, au: date, servie: bool) -> None:
    semaine = lundi(au) if servie else None
    jour = prochain(cadence, au, servie=semaine)
    if jour is None:
        loin = cadence.depuis and cadence.depuis > au + timedelta(days=30)
        assert cadence.frequence == FrequenceRappel.JAMAIS or loin
        return
    assert jour >= au and jour_du(cadence, jour) and lundi(jour) != semaine
    entre = _jours(au, min((jour - au).days, 400))
    assert not any(cadence.tombe(j) and lundi(j) != semaine for j in entre)


@pytest.mark.parametrize(
    ("au", "attendu"),
    [
        (LUNDI, LUNDI),
        (LUNDI + timedelta(days=2), LUNDI),
        (LUNDI + timedelta(days=3), None),
        (LUNDI - timedelta(days=1), None),
    ],
)
def test_le_lundi_se_rattrape_jusqu_au_mercredi(au: date, attendu: date | None) -> None:
    assert jour_du(Cadence(), au) == attendu


def test_une_suspension_prise_le_mardi_ne_rattrape_pas_le_lundi() -> None:
    mardi = LUNDI + timedelta(days=1)
    assert jour_du(Cadence(muet_jusqu_au=mardi), mardi) is None
    # Suspendue jusqu'au lundi compris : la semaine passe.
    assert jour_du(Cadence(muet_jusqu_au=LUNDI), mardi) is None


def test_un_compte_ouvert_le_mardi_attend_le_lundi_suivant() -> None:
    neuf = Cadence(depuis=LUNDI + timedelta(days=1))
    assert jour_du(neuf, LUNDI + timedelta(days=1)) is None
    assert prochain(neuf, LUNDI + timedelta(days=1)) == LUNDI + timedelta(days=7)
