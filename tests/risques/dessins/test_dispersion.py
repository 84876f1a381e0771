"""La dispersion : les points à leur place, l'étendue avant la moyenne, un mot juste."""

from statistics import fmean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risques.calculs.dispersion import dire, etaler
from risques.dessins import dispersion
from risques.dessins.dispersion import DROITE, GAUCHE, HAUTEUR, Evaluateur, QuestionLue, dessiner
from risques.enums import Regard

NOTES = st.lists(st.none() | st.integers(1, 10), min_size=1, max_size=8)


def bande(notes: list[int | None], **autres: float) -> dispersion.Bande:
    regards = list(Regard)
    evaluateurs = [Evaluateur(f"Rôle {n}", regards[n % len(regards)]) for n in range(len(notes))]
    e = etaler(n for n in notes if n is not None)
    mot = dire(e.etendue / 9) if e else "une seule réponse"
    return dessiner([QuestionLue("1.1", "Un énoncé", tuple(notes), mot, e, **autres)], evaluateurs).bandes[0]


def _note(x: float) -> float:
    return 1 + (x - GAUCHE) / (DROITE - GAUCHE) * 9


@given(NOTES)
def test_chaque_point_est_a_sa_note(notes: list[int | None]) -> None:
    b = bande(notes)
    connues = [n for n in notes if n is not None]
    assert [_note(p.x) for p in b.points] == [pytest.approx(n, abs=0.01) for n in connues]
    assert [note for _, note in b.reponses] == ["—" if n is None else str(n) for n in notes]
    assert len({(p.x, p.y) for p in b.points}) == len(connues)
    assert all(5 < p.y < HAUTEUR - 16 for p in b.points)


@given(NOTES)
def test_l_etendue_et_la_mediane_sont_celles_des_notes(notes: list[int | None]) -> None:
    b, connues = bande(notes), [n for n in notes if n is not None]
    if not connues:
        assert b.etendue is b.mediane_x is None and (b.mediane, b.moyenne) == ("—", "—")
        return
    assert b.etendue is not None
    assert _note(b.etendue[0]) == pytest.approx(min(connues), abs=0.01)
    assert _note(b.etendue[0] + b.etendue[1]) == pytest.approx(max(connues), abs=0.01)
    assert float(b.mediane.replace(",", ".")) == median(connues)
    assert float(b.moyenne.replace(",", ".")) == pytest.approx(fmean(connues), abs=0.051)
    if len(connues) > 1:
        assert b.mediane_x is not None and _note(b.mediane_x) == pytest.approx(median(connues), abs=0.01)


@pytest.mark.parametrize(
    ("notes", "mot", "moyenne"),
    [
        ((1, 2, 2), "d'accord", "1,7"),
        ((1, 1, 2, 2, 2), "divisés", "1,6"),
        ((1, 2, 2, 2, 1, 1, 1, 9), "opposés", "2,4"),
    ],
)
def test_la_moyenne_s_arrondit_une_fois_et_le_mot_est_celui_qu_on_donne(
    notes: tuple[int, ...], mot: str, moyenne: str
) -> None:
    """19/8 = 2,375 : 2,4 ; aucun seuil ici, le mot vient de `risques.calculs.dispersion`."""
    evaluateurs = [Evaluateur(f"Rôle {n}", Regard.PROJET) for n in range(len(notes))]
    lu = dessiner([QuestionLue("1.1", "Un énoncé", notes, mot, etaler(notes))], evaluateurs)
    assert (lu.bandes[0].mot, lu.bandes[0].moyenne) == (mot, moyenne)
    assert lu.bandes[0].ecart is (mot in ("divisés", "opposés"))
    assert lu.phrase == ("1 question." if mot == "d'accord" else f"1 question : des avis {mot} sur 1.")


def test_chaque_regard_a_sa_forme() -> None:
    assert len(set(dispersion.FORMES.values())) == len(Regard)


def test_la_legende_ne_montre_que_les_regards_presents() -> None:
    evaluateurs = [Evaluateur("A", Regard.TERRAIN), Evaluateur("B", Regard.TERRAIN)]
    assert [mot for _, mot in dessiner([], evaluateurs).legende] == ["Équipe de terrain"]


@pytest.mark.parametrize(
    ("bornes", "mots"),
    [((1, 10), [str(n) for n in range(1, 11)]), ((0, 20), ["0", "10", "20"]), ((0, 1), ["0", "1"])],
)
def test_l_echelle_se_gradue_selon_sa_largeur(bornes: tuple[float, float], mots: list[str]) -> None:
    b = bande([None], minimum=bornes[0], maximum=bornes[1])
    assert [mot for _, mot in b.graduations] == mots
    assert (b.graduations[0][0], b.graduations[-1][0]) == (GAUCHE, DROITE)


@pytest.mark.parametrize(
    "question",
    [
        QuestionLue("1.1", "Un énoncé", (1,), "proches", None),
        QuestionLue("1.1", "Un énoncé", (1, 11), "proches", None),
        QuestionLue("1.1", "Un énoncé", (0, 4), "proches", None),
        QuestionLue("1.1", "Un énoncé", (1, 1), "proches", None, 1, 1),
    ],
)
def test_ce_qui_ne_se_dessine_pas_est_refuse(question: QuestionLue) -> None:
    with pytest.raises(ValueError, match="1.1"):
        dessiner([question], [Evaluateur("A", Regard.PROJET), Evaluateur("B", Regard.TERRAIN)])
