"""La carte et la courbe restent dans leur cadre, et disent ce qu'elles dessinent."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from formation.calculs.couverture import Compte
from formation.dessins.couverture import BAS, DROITE, GAUCHE, HAUT, dessiner_case, dessiner_courbe

COMPTES = st.integers(0, 50).flatmap(lambda n: st.builds(Compte, st.just(n), st.integers(0, n)))
MOIS = st.integers(0, 30).map(lambda n: date(2024 + n // 12, n % 12 + 1, 1))


@given(st.dictionaries(MOIS, COMPTES, max_size=30))
def test_la_courbe_tient_dans_son_cadre(mois: dict[date, Compte]) -> None:
    courbe = dessiner_courbe(sorted(mois.items(), key=lambda point: point[0]))
    lus = [c for c in mois.values() if c.en_poste]
    assert len(courbe.points) == (len(lus) if len(lus) > 1 else 0)
    assert all(GAUCHE <= p.x <= DROITE and HAUT <= p.y <= BAS for p in courbe.points)
    assert len(courbe.segments) == max(len(courbe.points) - 1, 0)
    assert len(courbe.rangs) == len(mois)
    if courbe.points:
        assert courbe.points[-1].date


@given(COMPTES)
def test_une_case_fonce_avec_le_taux(compte: Compte) -> None:
    case = dessiner_case(compte, masque=False)
    assert (case.palier == 0) == (compte.en_poste == 0)
    tous = dessiner_case(Compte(compte.en_poste, compte.en_poste), masque=False)
    assert case.palier <= tous.palier


def test_les_bornes_ouvrent_le_palier_du_dessus() -> None:
    paliers = [dessiner_case(Compte(100, n), masque=False).palier for n in (0, 24, 25, 49, 50, 79, 80, 100)]
    assert paliers == [1, 1, 2, 2, 3, 3, 4, 4]
    assert dessiner_case(None, masque=True).texte == "masqué"
    assert dessiner_case(None, masque=False).texte == "—"
