"""La courbe des comptes actifs : l'absence la coupe, et d'une somme, un changement d'ESMS aussi."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from usages.dessins.actifs import BAS, HAUT, Mesure, dessiner, plafond_de


def _mois(rang: int) -> date:
    return date(2026, rang, 1)


def test_un_mois_sans_fichier_coupe_la_courbe() -> None:
    courbe = dessiner([Mesure(_mois(n), None if n == 3 else 10 + n, 20) for n in range(1, 6)])
    assert len(courbe.points) == 4 and len(courbe.segments) == 2
    assert courbe.phrase == "De 11 comptes actifs en janv. 2026 à 15 en mai 2026."


def test_d_une_somme_elle_se_coupe_quand_les_esms_lus_changent() -> None:
    de = [{1}, {1, 2}, {1, 2}, {2}]
    courbe = dessiner([Mesure(_mois(n + 1), 10, 0, de=frozenset(d)) for n, d in enumerate(de)])
    assert len(courbe.points) == 4 and len(courbe.segments) == 1 and "De 10" not in courbe.phrase


def test_moins_de_deux_mois_se_disent_sans_courbe() -> None:
    assert "Aucun fichier" in dessiner([Mesure(_mois(1), None, 4)]).phrase
    assert not dessiner([Mesure(_mois(1), 3, 4), Mesure(_mois(2), None, 4)]).points


@given(st.lists(st.tuples(st.integers(0, 600_000), st.integers(0, 600_000)), min_size=2, max_size=12))
def test_tout_tient_dans_le_cadre(nombres: list[tuple[int, int]]) -> None:
    courbe = dessiner([Mesure(_mois(n + 1), a, p) for n, (a, p) in enumerate(nombres)])
    assert all(HAUT <= point.y <= BAS and 0 <= point.x <= 100 for point in courbe.points)
    assert all(HAUT <= y <= BAS for _, a, _, b in courbe.prevus for y in (a, b))
    plus_grand = max(max(a, p) for a, p in nombres)
    assert plafond_de(plus_grand) >= max(plus_grand, 1)
