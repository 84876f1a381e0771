"""Les délais d'un éditeur : une demande sans réponse compte pour ce qu'elle a déjà attendu, ni plus, ni moins."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usages.calculs.delais_editeurs import (
    ASSEZ_POUR_LE_P90,
    INCONNU,
    MOITIE,
    NEUF_SUR_DIX,
    Attente,
    Quantile,
    delais_de,
    quantile,
    reste,
    tranches,
)

pytestmark = pytest.mark.une_base

JOURS = st.integers(0, 400)
ATTENTES = st.lists(st.builds(Attente, JOURS, st.booleans()), max_size=20)
PARTS = st.sampled_from([MOITIE, NEUF_SUR_DIX, Fraction(1, 4)])


def _rang(q: Quantile) -> tuple[int, bool]:
    """De quoi comparer : « plus de 30 jours » vient après « 30 jours »."""
    assert q.jours is not None
    return q.jours, q.est_borne


def _au_moins(plus_long: Quantile, que: Quantile) -> bool:
    """Vrai si `plus_long` n'est pas sûrement plus court : une borne ne dit qu'un minimum."""
    return plus_long.est_borne or (not que.est_borne and _rang(plus_long) >= _rang(que))


def test_sans_demande_on_ne_sait_rien() -> None:
    assert delais_de([]) == delais_de(iter([]))
    assert (delais_de([]).mediane, delais_de([]).nombre) == (INCONNU, 0)


def test_un_exemple_a_la_main() -> None:
    # Trois réponses à 2, 4 et 10 jours, une demande qui attend depuis 5 : 3/4 restent après 2, 1/2 après 4, 0 après 10.
    lues = [Attente(2, True), Attente(4, True), Attente(10, True), Attente(5, False)]
    assert list(reste(lues)) == [(2, Fraction(3, 4)), (4, Fraction(1, 2)), (10, Fraction(0))]
    assert quantile(lues, MOITIE) == Quantile(4)


def test_ne_compter_que_les_reponses_flatterait_qui_laisse_trainer() -> None:
    repondues = [Attente(3, True)] * 4
    trainent = [Attente(200, False)] * 6
    assert quantile(repondues, MOITIE) == Quantile(3)
    assert quantile(repondues + trainent, MOITIE) == Quantile(200, est_borne=True)


def test_une_demande_d_hier_ne_rallonge_pas_ce_qu_on_sait() -> None:
    assert quantile([*[Attente(10, True)] * 4, Attente(1, False)], MOITIE) == Quantile(10)


def test_neuf_sur_dix_se_dit_a_partir_de_dix() -> None:
    neuf = [Attente(n, True) for n in range(1, ASSEZ_POUR_LE_P90)]
    assert delais_de(neuf).p90 == INCONNU
    assert delais_de([*neuf, Attente(10, True)]).p90 == Quantile(9)


@given(st.lists(JOURS, min_size=1, max_size=20), PARTS)
def test_sans_demande_ouverte_c_est_le_quantile_ordinaire(jours: list[int], part: Fraction) -> None:
    rang = math.ceil(part * len(jours))
    assert quantile([Attente(j, True) for j in jours], part) == Quantile(sorted(jours)[rang - 1])


@given(ATTENTES.filter(bool), PARTS, st.integers(0, 400))
def test_une_demande_de_plus_sans_reponse_ne_raccourcit_jamais(lues: list[Attente], part: Fraction, jours: int) -> None:
    assert _au_moins(quantile([*lues, Attente(jours, False)], part), quantile(lues, part))


@given(ATTENTES, PARTS, JOURS)
def test_repondre_aujourd_hui_ne_rallonge_jamais(lues: list[Attente], part: Fraction, jours: int) -> None:
    assert _au_moins(quantile([*lues, Attente(jours, False)], part), quantile([*lues, Attente(jours, True)], part))


@given(ATTENTES.filter(bool))
def test_neuf_sur_dix_n_est_jamais_plus_court_que_la_moitie(lues: list[Attente]) -> None:
    assert _au_moins(quantile(lues, NEUF_SUR_DIX), quantile(lues, MOITIE))


@given(ATTENTES, PARTS, st.randoms())
def test_l_ordre_n_y_change_rien(lues: list[Attente], part: Fraction, hasard: object) -> None:
    melees = list(lues)
    hasard.shuffle(melees)  # type: ignore[attr-defined]
    assert quantile(melees, part) == quantile(lues, part)


@given(ATTENTES)
def test_une_duree_est_une_duree_vue(lues: list[Attente]) -> None:
    q = quantile(lues, MOITIE)
    if q.jours is not None:
        vues = {a.jours for a in lues if a.a_reponse} if not q.est_borne else {max(a.jours for a in lues)}
        assert q.jours in vues


@given(ATTENTES)
def test_chaque_demande_est_dans_une_seule_tranche(lues: list[Attente]) -> None:
    decoupe = tranches(lues)
    assert sum(t.total for t in decoupe) == len(lues)
    assert sum(t.repondues for t in decoupe) == delais_de(lues).nb_repondues
    assert [t.de for t in decoupe[1:]] == [(t.a or 0) + 1 for t in decoupe[:-1]]
