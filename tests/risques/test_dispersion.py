"""Ce qui sépare plusieurs évaluateurs, et plusieurs regards."""

import statistics
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risques.calculs.dispersion import confronter, confronter_questions, dire, disperser, etaler, plus_dispersees
from risques.calculs.echelle import QuestionNotee
from risques.calculs.reponses import Note, SectionNotee
from risques.enums import Regard, SensEchelle

CODES = [f"Q{n}" for n in range(6)]
# Deux échelles : de 1 à 10, de 1 à 4.
QUESTIONS = [QuestionNotee(c, maximum=10 if n % 2 else 4) for n, c in enumerate(CODES)]
SECTIONS = [SectionNotee("A", "A", QUESTIONS[:3]), SectionNotee("B", "B", QUESTIONS[3:])]
GRILLE = st.dictionaries(
    st.sampled_from(CODES), st.builds(Note, valeur=st.none() | st.integers(1, 10), sans_objet=st.booleans())
)
GRILLES = st.lists(GRILLE, max_size=5)


def _retenues(question: QuestionNotee, grilles: list[dict[str, Note]]) -> list[int]:
    lues = [g[question.code] for g in grilles if question.code in g]
    return sorted(n.valeur for n in lues if n.valeur and not n.sans_objet and n.valeur <= question.maximum)


@given(GRILLES)
def test_chaque_question_dit_l_etalement_de_ses_notes(grilles: list[dict[str, Note]]) -> None:
    rendues = {d.code: d for d in disperser(SECTIONS, grilles)}
    for question in QUESTIONS:
        notes = _retenues(question, grilles)
        assert (question.code in rendues) == (len(notes) > 1)
        if len(notes) < 2:
            continue
        lue = rendues[question.code]
        assert lue.notes == tuple(notes)
        assert (lue.etalement.minimum, lue.etalement.maximum) == (notes[0], notes[-1])
        assert lue.etalement.etendue == notes[-1] - notes[0] and lue.etalement.nb == len(notes)
        assert lue.etalement.mediane == Decimal(str(statistics.median(notes)))
        assert float(lue.etalement.moyenne) == pytest.approx(statistics.mean(notes))
        ecarts = [abs(n - statistics.median(notes)) for n in notes]
        assert float(lue.etalement.ecart_moyen) == pytest.approx(statistics.mean(ecarts))
        assert float(lue.ecart) == pytest.approx((notes[-1] - notes[0]) / (question.maximum - question.minimum))
        assert 0 <= lue.ecart <= 1 and (lue.ecart == 0) == (lue.mots == "d'accord")


@given(GRILLES)
def test_les_rangs_vont_de_la_plus_dispersee_a_la_moins(grilles: list[dict[str, Note]]) -> None:
    rendues = sorted(disperser(SECTIONS, grilles), key=lambda d: d.rang)
    assert [d.ecart for d in rendues] == sorted((d.ecart for d in rendues), reverse=True)
    assert not rendues or rendues[0].rang == 1
    assert all(d.rang <= n for n, d in enumerate(rendues, start=1))
    premieres = plus_dispersees(rendues, 2)
    assert len(premieres) <= 2 and all(d.ecart for d in premieres)
    assert [d.rang for d in premieres] == sorted(d.rang for d in rendues if d.ecart)[:2]


@given(GRILLE)
def test_une_personne_seule_ne_se_disperse_pas(grille: dict[str, Note]) -> None:
    assert disperser(SECTIONS, [grille]) == [] == disperser(SECTIONS, [])
    assert etaler([5]) is None and etaler([]) is None


@given(GRILLE, st.integers(2, 4))
def test_tous_pareils_tous_d_accord(grille: dict[str, Note], nb: int) -> None:
    rendues = disperser(SECTIONS, [grille] * nb)
    assert {d.mots for d in rendues} <= {"d'accord"} and {d.rang for d in rendues} <= {1}
    assert plus_dispersees(rendues) == []


@given(GRILLES)
def test_l_ordre_des_personnes_et_le_sens_ne_changent_rien(grilles: list[dict[str, Note]]) -> None:
    favorables = [
        SectionNotee(
            s.code, s.nom, [QuestionNotee(q.code, q.minimum, q.maximum, SensEchelle.FAVORABLE) for q in s.questions]
        )
        for s in SECTIONS
    ]
    rendues = disperser(SECTIONS, grilles)
    assert rendues == disperser(SECTIONS, grilles[::-1]) == disperser(favorables, grilles)


def test_a_etendue_egale_le_plus_partage_passe_devant() -> None:
    section = SectionNotee("A", "A", [QuestionNotee("A1"), QuestionNotee("A2"), QuestionNotee("A3")])
    notes = {"A1": (1, 1, 1, 7), "A2": (1, 1, 7, 7), "A3": (1, 1, 1, 7)}
    grilles = [{c: Note(n[i]) for c, n in notes.items()} for i in range(4)]
    assert [(d.code, d.rang) for d in disperser([section], grilles)] == [("A1", 2), ("A2", 1), ("A3", 2)]


@pytest.mark.parametrize(
    ("maximum", "etendue", "mots"),
    [
        (10, 0, "d'accord"),
        (10, 1, "proches"),
        (10, 3, "proches"),
        (10, 4, "divisés"),
        (10, 6, "divisés"),
        (10, 7, "opposés"),
        (10, 9, "opposés"),
        (4, 1, "proches"),
        (4, 2, "divisés"),
        (4, 3, "opposés"),
    ],
)
def test_les_mots_suivent_l_amplitude_de_l_echelle(maximum: int, etendue: int, mots: str) -> None:
    section = SectionNotee("A", "A", [QuestionNotee("A1", 1, maximum)])
    (lue,) = disperser([section], [{"A1": Note(1)}, {"A1": Note(1 + etendue)}])
    assert lue.mots == mots == dire(lue.ecart)


def test_une_question_pas_posee_a_l_un_ne_le_compte_pas() -> None:
    section = SectionNotee("A", "A", [QuestionNotee("A1"), QuestionNotee("A2", si_question="A1", si_au_moins=7)])
    grilles = [{"A1": Note(9), "A2": Note(2)}, {"A1": Note(2), "A2": Note(9)}]
    assert [d.code for d in disperser([section], grilles)] == ["A1"]


# Regards

VALEURS = st.lists(st.fractions(0, 1, max_denominator=50), max_size=4)


@given(st.dictionaries(st.sampled_from(Regard.values), VALEURS))
def test_l_ecart_est_le_plus_grand_entre_deux_regards(regards: dict[str, list[Fraction]]) -> None:
    moyennes = {r: sum(v, Fraction()) / len(v) for r, v in regards.items() if v}
    lue = confronter("A", regards)
    assert (lue is None) == (len(moyennes) < 2)
    if lue is None:
        return
    assert set(lue.moyennes) == set(moyennes) and 0 <= lue.ecart <= 1
    paires = [abs(a - b) for a in moyennes.values() for b in moyennes.values()]
    assert float(lue.ecart) == pytest.approx(float(max(paires)))
    assert moyennes[lue.haut] - moyennes[lue.bas] == max(paires)
    assert lue.converge == (max(paires) <= Fraction(1, 3))


def test_terrain_et_numerique_se_croisent_question_par_question() -> None:
    section = SectionNotee("A", "A", [QuestionNotee("A1", 1, 4), QuestionNotee("A2", 1, 4), QuestionNotee("A3", 1, 4)])
    grilles = {
        Regard.TERRAIN: [{"A1": Note(1), "A2": Note(2)}, {"A1": Note(2), "A2": Note(2)}],
        Regard.NUMERIQUE: [{"A1": Note(4), "A2": Note(2), "A3": Note(1)}],
        Regard.DIRECTION: [],
    }
    premiere, seconde = confronter_questions([section], grilles)
    assert (premiere.code, premiere.bas, premiere.haut) == ("A1", Regard.TERRAIN, Regard.NUMERIQUE)
    assert dict(premiere.moyennes) == {Regard.TERRAIN: Decimal("1.5"), Regard.NUMERIQUE: Decimal(4)}
    assert (premiere.mots, premiere.converge) == ("opposés", False)
    assert (seconde.code, seconde.mots, seconde.converge) == ("A2", "d'accord", True)


def test_un_seul_regard_ne_se_confronte_pas() -> None:
    assert confronter("A", {Regard.TERRAIN: [1, 2], Regard.DIRECTION: []}) is None
