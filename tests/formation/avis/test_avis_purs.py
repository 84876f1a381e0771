"""Les avis, comptés : répartition, moyenne, part favorable, taux de réponse, seuil, fenêtres."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from formation.calculs import avis
from formation.enums import MomentAvis

NOTES = st.lists(st.integers(1, 5), max_size=60)


@given(NOTES)
def test_l_ordre_des_avis_ne_compte_pas(notes: list[int]) -> None:
    assert avis.lire(notes) == avis.lire(notes[::-1]) == avis.lire(sorted(notes))


@given(NOTES)
def test_tout_se_retrouve_dans_la_repartition(notes: list[int]) -> None:
    lue = avis.lire(notes)
    assert lue.nombre == len(notes) == sum(lue.repartition)
    assert lue.favorables == sum(1 for n in notes if n >= 4)
    if notes:
        assert abs(lue.moyenne * len(notes) - sum(notes)) < 1e-9 and 1 <= lue.moyenne <= 5
        assert 0 <= lue.part_favorable <= 1
    else:
        assert lue.moyenne is None and lue.part_favorable is None


@given(NOTES, st.integers(0, 100), st.integers(0, 100))
def test_le_seuil_est_net_et_monotone(notes: list[int], bas: int, haut: int) -> None:
    lue, (bas, haut) = avis.lire(notes), sorted((bas, haut))
    assert not (lue.est_sous(bas) and not lue.est_sous(haut)), "sous le plus bas, sous le plus haut"
    assert not lue.est_sous(0) and not avis.lire([5] * len(notes)).est_sous(100)
    mieux = avis.lire([*notes, 5])
    assert not (mieux.est_sous(haut) and notes and not lue.est_sous(haut)), "un bon avis de plus ne fait pas baisser"


def test_pile_au_seuil_ce_n_est_pas_dessous() -> None:
    trois_sur_cinq = avis.lire([5, 4, 4, 3, 1])
    assert not trois_sur_cinq.est_sous(60) and trois_sur_cinq.est_sous(61)
    assert not avis.lire([]).est_sous(100), "sans avis, on ne juge pas"


@given(st.integers(0, 500), st.integers(0, 500))
def test_le_taux_de_reponse_est_une_part(recus: int, presents: int) -> None:
    taux = avis.taux_de_reponse(recus, presents)
    assert taux is None if not presents else 0 <= taux <= 1


def test_rien_ne_se_montre_avant_cinq() -> None:
    assert [avis.se_montre(n) for n in range(7)] == [False] * 5 + [True] * 2


@given(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(0, 400))
def test_les_fenetres_de_l_avis(jour: date, delai: int) -> None:
    assert avis.fenetre(MomentAvis.A_CHAUD, jour, delai) == (jour, jour + timedelta(days=14))
    debut, fin = avis.fenetre(MomentAvis.A_FROID, jour, delai)
    assert (debut - jour).days == delai and (fin - debut).days == 30
