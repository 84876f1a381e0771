"""Ce qui a changé d'une version à l'autre : bloc à bloc, puis mot à mot, et rien d'inventé."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usages.calculs.differences import Changement, Morceau, Sorte, comparer

pytestmark = pytest.mark.une_base

TEXTES = st.lists(st.text(alphabet="ab é'.\n", min_size=1, max_size=12), max_size=6)


def test_un_mot_change_se_montre_dans_sa_phrase() -> None:
    avant, apres = ["Pareil.", "Elle durait vingt minutes."], ["Pareil.", "Elle durait dix minutes."]
    assert comparer(avant, apres) == [
        Changement(
            (
                Morceau(Sorte.PAREIL, "Elle durait "),
                Morceau(Sorte.OTE, "vingt"),
                Morceau(Sorte.AJOUTE, "dix"),
                Morceau(Sorte.PAREIL, " minutes."),
            )
        )
    ]


def test_deux_blocs_sans_rapport_ne_se_melent_pas() -> None:
    assert [c.morceaux[0].sorte for c in comparer(["La nuit."], ["Tout à fait autre chose ici"])] == ["ote", "ajoute"]


def test_un_bloc_de_plus_un_bloc_de_moins() -> None:
    assert comparer(["a", "b"], ["a", "x", "b"]) == [Changement((Morceau(Sorte.AJOUTE, "x"),))]
    assert comparer(["a", "x", "b"], ["a", "b"]) == [Changement((Morceau(Sorte.OTE, "x"),))]


@given(TEXTES, TEXTES)
def test_rien_ne_manque_rien_n_est_invente(avant: list[str], apres: list[str]) -> None:
    """Les morceaux gardés et ôtés redonnent des blocs d'avant ; les gardés et ajoutés, des blocs d'après."""
    for changement in comparer(avant, apres):
        vieux = "".join(m.texte for m in changement.morceaux if m.sorte != Sorte.AJOUTE)
        neuf = "".join(m.texte for m in changement.morceaux if m.sorte != Sorte.OTE)
        assert (not vieux or vieux in avant) and (not neuf or neuf in apres)
    assert (comparer(avant, apres) == []) == (avant == apres)
