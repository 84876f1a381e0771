"""Criticité, niveaux, réponses inquiétantes, amorce de l'analyse locale."""

from fractions import Fraction

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from risques.calculs.criticite import (
    SEUIL_INQUIETANT,
    Bornes,
    BornesImpossibles,
    criticite,
    depuis_reponses,
    est_inquietante,
    matrice,
    niveau,
    part_inquietante,
)
from risques.calculs.echelle import QuestionNotee, retourner, risque
from risques.enums import Impact, NiveauRisque, Probabilite, SensEchelle

ORDRE = list(NiveauRisque)
BORNES = st.lists(st.integers(2, 16), min_size=3, max_size=3, unique=True).map(lambda b: Bornes(*sorted(b)))
PARTS = st.lists(st.fractions(0, 1, max_denominator=100), min_size=1)


@given(BORNES)
def test_chaque_borne_ouvre_son_niveau(bornes: Bornes) -> None:
    niveaux = [ORDRE.index(niveau(c, bornes)) for c in range(1, 17)]
    assert niveaux == sorted(niveaux) and set(niveaux) == {0, 1, 2, 3}
    for rang, borne in enumerate((bornes.significatif, bornes.critique, bornes.inacceptable), start=1):
        assert niveau(borne, bornes) == ORDRE[rang] and niveau(borne - 1, bornes) != ORDRE[rang]


@example(1, 8, 12)
@example(4, 4, 12)
@example(4, 12, 12)
@example(4, 8, 17)
@example(2, 3, 16)
@given(st.integers(-2, 20), st.integers(-2, 20), st.integers(-2, 20))
def test_des_bornes_qui_ne_font_pas_quatre_niveaux_sont_refusees(a: int, b: int, c: int) -> None:
    if 1 < a < b < c <= 16:
        assert Bornes(a, b, c)
        return
    with pytest.raises(BornesImpossibles, match="montent") as refus:
        Bornes(a, b, c)
    assert f"{a}, {b}, {c}" in str(refus.value)


@given(BORNES)
def test_la_matrice_tient_les_seize_cases(bornes: Bornes) -> None:
    lignes = matrice(bornes)
    assert [ligne[0].probabilite for ligne in lignes] == [4, 3, 2, 1]
    assert all([case.impact for case in ligne] == [1, 2, 3, 4] for ligne in lignes)
    assert len({(c.probabilite, c.impact) for ligne in lignes for c in ligne}) == 16
    for ligne in lignes:
        for case in ligne:
            assert case.criticite == case.probabilite * case.impact
            assert case.niveau == niveau(case.criticite, bornes)


def test_les_bornes_de_depart() -> None:
    bornes = Bornes()
    attendus = {1: "acceptable", 3: "acceptable", 4: "significatif", 6: "significatif", 8: "critique", 9: "critique"}
    assert {c: niveau(c, bornes) for c in attendus} == attendus
    assert niveau(12, bornes) == niveau(16, bornes) == NiveauRisque.INACCEPTABLE


@pytest.mark.parametrize(("probabilite", "impact"), [(0, 1), (5, 1), (1, 0), (1, 5)])
def test_hors_de_un_a_quatre_rien_ne_se_multiplie(probabilite: int, impact: int) -> None:
    with pytest.raises(ValueError):
        criticite(probabilite, impact)


# Réponses inquiétantes


@given(st.integers(1, 10), st.integers(2, 10))
def test_de_un_a_dix_le_seuil_est_la_note(valeur: int, seuil: int) -> None:
    risque, mieux = (QuestionNotee("A", sens=s) for s in (SensEchelle.DEFAVORABLE, SensEchelle.FAVORABLE))
    assert est_inquietante(risque, valeur, seuil) == (valeur >= seuil)
    assert est_inquietante(mieux, valeur, seuil) == (valeur <= 11 - seuil)
    assert est_inquietante(risque, valeur) == (valeur >= SEUIL_INQUIETANT)


@given(st.integers(0, 5), st.integers(1, 95), st.integers(2, 10), st.data())
def test_sur_toute_echelle_le_pire_inquiete_et_le_mieux_jamais(
    minimum: int, amplitude: int, seuil: int, data: st.DataObject
) -> None:
    question = QuestionNotee("A", minimum, minimum + amplitude)
    valeur = data.draw(st.integers(minimum, minimum + amplitude - 1))
    assert est_inquietante(question, question.maximum, seuil) and not est_inquietante(question, minimum, seuil)
    # Une note plus mauvaise n'inquiète jamais moins.
    assert est_inquietante(question, valeur, seuil) <= est_inquietante(question, valeur + 1, seuil)
    autre = QuestionNotee("A", minimum, minimum + amplitude, SensEchelle.FAVORABLE)
    assert est_inquietante(question, valeur, seuil) == est_inquietante(autre, retourner(question, valeur), seuil)


def test_un_sens_inconnu_n_inquiete_pas() -> None:
    inconnue = QuestionNotee("A", sens=SensEchelle.INCONNU)
    assert not any(est_inquietante(inconnue, v) for v in range(1, 11))


@pytest.mark.parametrize(("valeur", "attendu"), [(3, False), (4, True)])
def test_sur_quatre_echelons_seul_le_dernier_inquiete(valeur: int, attendu: bool) -> None:
    assert est_inquietante(QuestionNotee("A", 1, 4), valeur) is attendu


# Analyse locale


@given(PARTS)
def test_l_amorce_reste_dans_l_echelle_et_l_impact_suit_la_pire(parts: list[Fraction]) -> None:
    amorce = depuis_reponses(parts)
    assert amorce is not None
    probabilite, impact = amorce
    assert isinstance(probabilite, Probabilite) and isinstance(impact, Impact)
    assert probabilite <= impact
    assert amorce == depuis_reponses(parts[::-1]) == depuis_reponses([*parts, *parts])


@given(PARTS, st.fractions(0, 1, max_denominator=100))
def test_une_reponse_pire_n_abaisse_rien(parts: list[Fraction], ajout: Fraction) -> None:
    assume(ajout >= max(parts))
    avant, apres = depuis_reponses(parts), depuis_reponses([*parts, ajout])
    assert avant and apres and avant[0] <= apres[0] and avant[1] <= apres[1]


@pytest.mark.parametrize(
    ("parts", "attendu"),
    [([0, 0], (1, 1)), ([1, 1], (4, 4)), ([0, 0, 0, 1], (2, 4)), ([0.5, 0.5], (3, 3)), ([0, Fraction(1, 6)], (1, 2))],
)
def test_probabilite_d_apres_la_moyenne_impact_d_apres_la_pire(parts: list[Fraction], attendu: tuple[int, int]) -> None:
    assert depuis_reponses(parts) == attendu


def test_sans_reponse_rien_a_suggerer() -> None:
    assert depuis_reponses([]) is None


def test_le_rang_suit_la_gravite() -> None:
    assert [n.rang for n in NiveauRisque] == [1, 2, 3, 4] and NiveauRisque("inacceptable").rang == 4


@given(st.integers(2, 10))
def test_le_seuil_se_dit_en_part_de_risque(seuil: int) -> None:
    """Sur l'échelle défavorable de 1 à 10, la part du seuil est celle de la note qui le vaut."""
    assert part_inquietante(seuil) == risque(QuestionNotee("A1"), seuil)
