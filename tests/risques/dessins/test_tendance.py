"""La tendance : une échelle entière, un temps proportionnel, des mots qui ne se touchent pas."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risques.dessins import tendance
from risques.dessins.tendance import BAS, DROITE, GAUCHE, HAUT, Evaluation, dessiner, place

JOUR = date(2026, 1, 5)
EVALUATIONS = st.lists(
    st.tuples(st.integers(0, 1500), st.floats(100, 1000)).map(
        lambda lu: Evaluation(JOUR + timedelta(days=lu[0]), lu[1])
    ),
    min_size=2,
    max_size=12,
)


@given(EVALUATIONS)
def test_chaque_total_est_a_sa_hauteur_sur_l_echelle_entiere(evaluations: list[Evaluation]) -> None:
    dessin = dessiner(evaluations)
    for point, e in zip(dessin.points, sorted(evaluations, key=lambda e: e.jour), strict=True):
        part = (BAS - point.y) / (BAS - HAUT)
        assert 100 + part * 900 == pytest.approx(e.total, abs=0.6)
    assert dessin.reperes[0] == (BAS, "100") and dessin.reperes[-1] == (HAUT, "1\u202f000")


@given(EVALUATIONS)
def test_le_temps_est_proportionnel(evaluations: list[Evaluation]) -> None:
    jours = sorted(e.jour for e in evaluations)
    xs = [p.x for p in dessiner(evaluations).points]
    duree = (jours[-1] - jours[0]).days
    if not duree:
        assert len(set(xs)) == 1
        return
    for x, jour in zip(xs, jours, strict=True):
        assert x == pytest.approx(GAUCHE + (jour - jours[0]).days / duree * (DROITE - GAUCHE), abs=0.01)


@given(EVALUATIONS)
def test_les_segments_relient_les_points_dans_l_ordre(evaluations: list[Evaluation]) -> None:
    dessin = dessiner(evaluations)
    attendus = [(a.x, a.y, b.x, b.y) for a, b in pairwise(dessin.points)]
    assert [(s.x1, s.y1, s.x2, s.y2) for s in dessin.segments] == attendus


@given(EVALUATIONS)
def test_les_dates_ecrites_ne_se_touchent_pas(evaluations: list[Evaluation]) -> None:
    points = dessiner(evaluations).points
    for largeur, quand in ((tendance._DATE_ETROITE, {"toujours"}), (tendance._DATE, {"toujours", "large"})):
        places = sorted(place(p.x, largeur, p.ancre) for p in points if p.date in quand)
        assert all(fin <= debut for (_, fin), (debut, _) in pairwise(places))
    assert points[-1].date == points[-1].valeur == "toujours"


def test_la_table_dit_ce_qui_a_change() -> None:
    lues = [Evaluation(JOUR + timedelta(days=90), 530.4), Evaluation(JOUR, 412, "Démarrage")]
    rangs = dessiner(lues).rangs
    assert [(r.jour, r.nom, r.total, r.ecart) for r in rangs] == [
        ("5 janv. 2026", "Démarrage", "412", "—"),
        ("5 avril 2026", "", "530", "+ 118"),
    ]


@pytest.mark.parametrize(
    ("totaux", "phrase"),
    [
        ([], "Pas encore d’évaluation : la tendance se lira à partir de deux."),
        ([412], "Une seule évaluation, le 5 janv. 2026 : 412 sur 1\u202f000. La tendance se lira à la prochaine."),
        ([412, 380], "380 sur 1\u202f000 le 6 janv. 2026, − 32 depuis le 5 janv. 2026."),
        ([412, 412], "412 sur 1\u202f000 le 6 janv. 2026, inchangé depuis le 5 janv. 2026."),
    ],
)
def test_une_phrase_plutot_qu_une_courbe_d_un_point(totaux: list[float], phrase: str) -> None:
    dessin = dessiner([Evaluation(JOUR + timedelta(days=n), t) for n, t in enumerate(totaux)])
    assert dessin.phrase == phrase
    assert dessin.courbe == (len(totaux) > 1) and len(dessin.rangs) == len(totaux)


@pytest.mark.parametrize("total", [99, 1001])
def test_un_total_hors_de_l_echelle_est_refuse(total: float) -> None:
    with pytest.raises(ValueError, match="sort de l’échelle"):
        dessiner([Evaluation(JOUR, total)])


def test_une_echelle_vide_est_refusee() -> None:
    with pytest.raises(ValueError):
        dessiner([], minimum=10, maximum=10)
