"""Les barres des besoins : à la même échelle, chaque personne dans un seul morceau."""

from hypothesis import given
from hypothesis import strategies as st

from formation.dessins.besoins import Mesure, barres

NOMBRE = st.integers(0, 50)


def _mesure(inscrits: int, sans_session: int, places: int, manque: int) -> Mesure:
    """Un module : inscrites, sans session, à qui une place s'offre, à qui elle manque."""
    a_placer = places + manque
    return Mesure("Module", inscrits + sans_session + a_placer, inscrits, a_placer, manque)


@given(st.lists(st.builds(_mesure, NOMBRE, NOMBRE, NOMBRE, NOMBRE), max_size=4))
def test_les_morceaux_se_suivent_et_font_le_reste(lues: list[Mesure]) -> None:
    echelle = max((m.reste for m in lues), default=0) or 1
    for mesure, barre in zip(lues, barres(lues), strict=True):
        assert abs(sum(s.largeur for s in barre.segments) - mesure.reste / echelle) < 1e-9
        fin = 0.0
        for segment in barre.segments:
            assert segment.debut == fin and segment.largeur > 0
            fin += segment.largeur
        assert fin <= 1 + 1e-9


def test_la_phrase_dit_ce_que_montre_la_barre() -> None:
    phrases = [b.phrase for b in barres([Mesure("a", 0, 0, 0, 0), Mesure("b", 9, 1, 6, 2), Mesure("c", 3, 1, 2, 0)])]
    assert phrases == [
        "tout le monde est formé",
        "9 personnes à former, 2 sans session, 2 places manquent",
        "3 personnes à former, aucune place ne manque",
    ]
