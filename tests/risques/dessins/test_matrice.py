"""La matrice probabilité × impact : chaque risque dans sa case, et dans une seule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risques.dessins import matrice
from risques.dessins.matrice import BRUT, COUPURE, RESIDUEL, RisqueLu, dessiner
from risques.enums import NiveauRisque

COTE = st.integers(1, 4)
RISQUES = st.lists(st.tuples(COTE, COTE, st.none() | st.tuples(COTE, COTE)), max_size=30).map(
    lambda lus: [RisqueLu(f"R{n}", "Un risque", p, i, *(reste or (None, None))) for n, (p, i, reste) in enumerate(lus)]
)


def niveau(probabilite: int, impact: int) -> NiveauRisque:
    criticite = probabilite * impact
    rang = (criticite >= 4) + (criticite >= 8) + (criticite >= 12)
    return list(NiveauRisque)[rang]


def cases(grille: matrice.Grille) -> dict[tuple[int, int], matrice.Case]:
    return {(c.probabilite, c.impact): c for rangee in grille.rangees for c in rangee.cases}


@given(RISQUES)
def test_chaque_risque_est_dans_sa_case(risques: list[RisqueLu]) -> None:
    dessin = dessiner(risques, niveau)
    for (p, i), case in cases(dessin.grilles[0]).items():
        assert case.nombre == sum((r.probabilite, r.impact) == (p, i) for r in risques)
        assert case.niveau == niveau(p, i).label.lower()
    assert sum(c.nombre for c in cases(dessin.grilles[0]).values()) == len(risques) == len(dessin.lignes)


@given(RISQUES)
def test_la_residuelle_ne_compte_que_les_recotes_et_dit_les_autres(risques: list[RisqueLu]) -> None:
    grilles = dessiner(risques, niveau).grilles
    recotes = [r for r in risques if r.residuel]
    assert len(grilles) == (2 if recotes else 1)
    for grille in grilles[1:]:
        assert (grille.nombre, grille.sans) == (len(recotes), len(risques) - len(recotes))
        for cote, case in cases(grille).items():
            assert case.nombre == sum(r.residuel == cote for r in recotes)


def test_le_plus_grave_est_en_haut_a_droite() -> None:
    grille = dessiner([], niveau).grilles[0]
    assert [r.chiffre for r in grille.rangees] == [4, 3, 2, 1]
    assert [c.impact for c in grille.rangees[0].cases] == [1, 2, 3, 4]
    assert grille.rangees[0].cases[-1].niveau == "inacceptable"


def test_une_case_mene_a_sa_liste_si_elle_a_un_risque() -> None:
    risques = [RisqueLu("R1", "Un risque", 3, 4, 2, 1)]
    brut, residuel = dessiner(risques, niveau, adresse=lambda lecture, p, i: f"/{lecture}/{p}/{i}/").grilles
    assert [c.url for c in cases(brut).values() if c.url] == [f"/{BRUT}/3/4/"]
    assert [c.url for c in cases(residuel).values() if c.url] == [f"/{RESIDUEL}/2/1/"]
    assert not any(c.url for c in cases(dessiner(risques, niveau).grilles[0]).values())


def test_la_phrase_va_du_plus_grave_au_moins_grave() -> None:
    risques = [RisqueLu(f"R{n}", "Un risque", p, i) for n, (p, i) in enumerate([(1, 1), (4, 4), (3, 4), (2, 4)])]
    assert dessiner(risques, niveau).grilles[0].phrase == "4 risques : 2 inacceptables, 1 critique, 1 acceptable"
    assert dessiner([], niveau).grilles[0].phrase == "0 risque"


def test_la_table_ecrit_les_cotes_et_les_niveaux() -> None:
    ligne = dessiner([RisqueLu("R1", "Un risque", 3, 4, 2, 2)], niveau).lignes[0]
    assert (ligne.probabilite, ligne.impact, ligne.brut, ligne.rang) == ("3 fréquent", "4 bloquant", "inacceptable", 4)
    assert (ligne.residuel, ligne.rang_residuel) == ("significatif (2 × 2)", 2)
    assert dessiner([RisqueLu("R1", "Un risque", 3, 4)], niveau).lignes[0].residuel == "—"


def test_un_en_tete_coupe_reste_le_meme_mot() -> None:
    dessin = dessiner([], niveau)
    assert [mot.replace(COUPURE, "") for _, mot in dessin.impacts] == ["Mineur", "Moyen", "Important", "Bloquant"]


@pytest.mark.parametrize(
    "risque",
    [
        RisqueLu("R1", "Un risque", 0, 1),
        RisqueLu("R1", "Un risque", 1, 5),
        RisqueLu("R1", "Un risque", 1, 1, 2, None),
        RisqueLu("R1", "Un risque", 1, 1, 2, 6),
    ],
)
def test_une_cotation_fausse_est_refusee(risque: RisqueLu) -> None:
    with pytest.raises(ValueError, match="R1"):
        dessiner([risque], niveau)
