"""Délais des tickets : médiane et P90 par rang, comptes et listes disent la même chose, un dessin à l'échelle."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usages.calculs.delais_tickets import Delais, Mois, jours, mesurer, mesurer_comptes, par_mois
from usages.dessins.tickets import BAS, HAUT, dessiner

DUREES = st.lists(st.integers(0, 2_000), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("durees", "attendu"),
    [
        ([], Delais(0, None, None)),
        ([4], Delais(1, 4, 4)),
        ([1, 9], Delais(2, 1, 9)),
        ([3, 1, 2], Delais(3, 2, 3)),
        (list(range(1, 11)), Delais(10, 5, 9)),
        ([0] * 9 + [100], Delais(10, 0, 0)),
        ([0] * 8 + [100, 100], Delais(10, 0, 100)),
    ],
)
def test_exemples(durees: list[int], attendu: Delais) -> None:
    assert mesurer(durees) == attendu


@given(DUREES)
def test_la_moitie_et_neuf_sur_dix_ne_depassent_pas(durees: list[int]) -> None:
    lu = mesurer(durees)
    assert lu.mediane in durees
    assert lu.p90 in durees
    for dixiemes, borne in ((5, lu.mediane), (9, lu.p90)):
        assert borne is not None
        au_plus = sum(d <= borne for d in durees)
        assert au_plus * 10 >= len(durees) * dixiemes
        # La plus petite qui le fasse : un jour de moins ne suffit pas.
        moins = sum(d < borne for d in durees)
        assert moins * 10 < len(durees) * dixiemes


@given(DUREES, st.randoms())
def test_ni_l_ordre_ni_la_forme_ne_changent_rien(durees: list[int], hasard: object) -> None:
    melees = list(durees)
    hasard.shuffle(melees)  # type: ignore[attr-defined]
    assert mesurer(melees) == mesurer(durees) == mesurer_comptes(Counter(durees))


@given(DUREES, st.integers(0, 500))
def test_tout_allonger_allonge_d_autant(durees: list[int], plus: int) -> None:
    avant, apres = mesurer(durees), mesurer(d + plus for d in durees)
    assert avant.mediane is not None and avant.p90 is not None
    assert (apres.mediane, apres.p90) == (avant.mediane + plus, avant.p90 + plus)


@given(st.dates(), st.integers(-400, 400))
def test_jamais_moins_de_zero_jour(debut: date, ecart: int) -> None:
    try:
        fin = debut + timedelta(days=ecart)
    except OverflowError:
        return
    assert jours(debut, fin) == max(ecart, 0)


NOMBRES = st.lists(st.tuples(*[st.integers(0, 400)] * 3), min_size=1, max_size=12)


@given(NOMBRES)
def test_les_barres_sont_a_la_meme_echelle_et_tiennent_dans_le_dessin(nombres: list[tuple[int, int, int]]) -> None:
    mois = [Mois(date(2026, rang, 1), *n) for rang, n in enumerate(nombres, 1)]
    dessin = dessiner(mois)
    barres = [b for bande in dessin.bandes for b in bande.barres]
    sommet = max(b.nombre for b in barres) or 1
    for barre in barres:
        assert abs(barre.hauteur - (BAS - HAUT) * barre.nombre / sommet) < 0.1
        assert HAUT - 0.1 <= barre.y <= BAS and barre.x >= 0 and barre.x + barre.largeur <= 1.0001
    assert [len(b.barres) for b in dessin.bandes] == [len(mois)] * 3
    assert not dessin.dates[-1][2], "le dernier mois se nomme toujours"


def test_un_mois_sans_rien_vaut_zero() -> None:
    mois = [date(2026, 1, 1), date(2026, 2, 1)]
    assert par_mois(mois, {mois[1]: 3}, {}, {mois[0]: 1}) == [Mois(mois[0], 0, 0, 1), Mois(mois[1], 3, 0, 0)]
