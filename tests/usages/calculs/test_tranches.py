"""Les tranches de jours : chaque durée dans une seule, rien ne se perd, deux ensembles s'additionnent."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.socle.indicateurs import Mesure, durees
from programme.socle.tranches import AU_DELA, BORNES, CLES, bornes_de, libelle_de, ranger, tranche_de

JOURS = st.integers(0, 2_000)


@given(JOURS)
def test_une_duree_est_entre_les_bornes_de_sa_tranche_et_d_aucune_autre(jours: int) -> None:
    la = [
        cle
        for cle in CLES
        if bornes_de(cle)[0] <= jours and (bornes_de(cle)[1] is None or jours <= (bornes_de(cle)[1] or 0))
    ]
    assert la == [tranche_de(jours)]


@given(st.lists(JOURS), st.lists(JOURS))
def test_deux_ensembles_ranges_s_additionnent(uns: list[int], autres: list[int]) -> None:
    assert Counter(ranger(uns)) + Counter(ranger(autres)) == Counter(ranger([*uns, *autres]))
    assert sum(ranger(uns).values()) == len(uns)


def test_les_tranches_se_nomment() -> None:
    assert [libelle_de(cle) for cle in ("j001", "j007", AU_DELA)] == [
        "1 jour au plus",
        "de 4 à 7 jours",
        f"plus de {BORNES[-1]} jours",
    ]
    with pytest.raises(ValueError):
        bornes_de("j002")


@given(st.lists(st.tuples(st.integers(1, 3), JOURS)))
def test_le_total_d_une_duree_porte_la_somme_et_le_nombre_et_ses_parts_le_detaillent(
    lues: list[tuple[int, int]],
) -> None:
    rendu = durees(lues, [1, 2, 3])
    for cle in (1, 2, 3):
        siens = [jours for qui, jours in lues if qui == cle]
        if not siens:
            assert rendu[cle] == [Mesure(non_concerne=True)]
            continue
        total, *parts = rendu[cle]
        assert (total.numerateur, total.denominateur, total.cle) == (sum(siens), len(siens), "")
        assert {p.cle: p.numerateur for p in parts} == ranger(siens)
