"""Le radar : sa géométrie, ses tracés interrompus, et ce qu'il écrit."""

from itertools import pairwise
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risques.dessins import radar
from risques.dessins.commun import arrondi
from risques.dessins.radar import RAYON, Serie, dessiner, tracer

VALEURS = st.lists(st.none() | st.floats(0, 1), min_size=3, max_size=12)
NOMS = ["Caractéristiques du projet", "Contexte", "Fonctionnement du management", "Leadership", "Alliés"]


def noms(nb: int) -> list[str]:
    return [f"Section {rang}" for rang in range(1, nb + 1)]


@given(VALEURS)
def test_chaque_valeur_est_a_sa_distance_du_centre(valeurs: list[float | None]) -> None:
    dessin = dessiner(noms(len(valeurs)), [Serie("Une", tuple(valeurs))], titre="T")
    marques = dessin.series[0].marques
    connues = [v for v in valeurs if v is not None]
    assert len(marques) == len(connues)
    for marque, v in zip(marques, connues, strict=True):
        assert hypot(marque.x, marque.y) == pytest.approx(v * RAYON, abs=0.02)


@pytest.mark.parametrize("nb", [3, 4, 7, 10])
def test_les_axes_tournent_a_pas_egal_du_haut_vers_la_droite(nb: int) -> None:
    axes = dessiner(noms(nb), [Serie("Une", (0.5,) * nb)], titre="T").axes
    assert (axes[0].x, axes[0].y) == (0, -RAYON) and axes[1].x > 0
    cotes = [hypot(a.x - b.x, a.y - b.y) for a, b in pairwise([*axes, axes[0]])]
    assert max(cotes) - min(cotes) < 0.05


def test_l_etiquette_s_ecarte_du_radar_de_son_cote() -> None:
    axes = dessiner(noms(10), [Serie("Une", (0.5,) * 10)], titre="T").axes
    assert [a.ancre for a in axes] == ["middle", *["start"] * 4, "middle", *["end"] * 4]
    assert all(hypot(a.nom_x, a.nom_y) > RAYON for a in axes)


def test_une_longue_etiquette_se_plie_sans_perdre_de_mot() -> None:
    axe = dessiner(NOMS, [Serie("Une", (0.5,) * 5)], titre="T").axes[2]
    assert len(axe.lignes) == 2 and " ".join(ligne.texte for ligne in axe.lignes) == NOMS[2]
    ecarts = [b.dy - a.dy for a, b in pairwise(axe.lignes)]
    assert ecarts == [pytest.approx(radar.INTERLIGNE)]


@given(VALEURS)
def test_un_axe_sans_reponse_interrompt_le_trace_et_lui_seul(valeurs: list[float | None]) -> None:
    trace, nb = tracer(valeurs), len(valeurs)
    cotes = sum(valeurs[r] is not None and valeurs[(r + 1) % nb] is not None for r in range(nb))
    traces = trace.count("L") + trace.count("z")
    assert traces == cotes
    assert trace.endswith("z") == all(v is not None for v in valeurs)


def test_la_suite_passe_par_dessus_le_premier_axe() -> None:
    assert tracer((0.5, 0.5, None, 0.5)).count("M") == 1
    assert tracer((None, 0.5, None, 0.5)) == ""


def test_une_section_que_personne_n_a_repondue_est_dite() -> None:
    dessin = dessiner(noms(3), [Serie("A", (0.1, None, None)), Serie("B", (0.2, 0.3, None))], titre="T")
    assert dessin.muets == ("Section 3",)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=10))
def test_l_ecart_est_celui_des_nombres_ecrits(paires: list[tuple[float, float]]) -> None:
    a, b = zip(*paires, strict=True)
    dessin = dessiner(noms(len(paires)), [Serie("Démarrage", a), Serie("Fin de phase", b)], titre="T")
    for rang in dessin.rangs:
        avant, apres = (int(v) for v in rang.valeurs)
        assert int(rang.ecart.replace("−", "-").replace(" ", "")) == apres - avant
    assert dessin.ecart == "Fin de phase moins démarrage"


def test_l_ecart_part_de_la_serie_qu_on_dit() -> None:
    series = [Serie("ESMS", (0.4, 0.5, 0.6)), Serie("Médiane", (0.5, 0.5, None))]
    dessin = dessiner(noms(3), series, titre="T", ecart=(1, 0))
    assert [r.ecart for r in dessin.rangs] == ["− 10", "0", "—"]
    assert dessin.ecart == "ESMS moins médiane"
    assert dessiner(noms(3), series, titre="T").ecart == "Médiane moins ESMS"


def test_trois_series_se_distinguent_sans_la_couleur() -> None:
    series = [Serie(nom, (0.5,) * 3) for nom in "ABC"]
    tracees = dessiner(noms(3), series, titre="T").series
    assert len({s.trait for s in tracees}) == len({s.forme for s in tracees}) == 3


def test_sous_trois_axes_des_barres() -> None:
    dessin = dessiner(noms(2), [Serie("A", (0.25, None))], titre="T")
    assert dessin.en_barres and not dessiner(noms(3), [Serie("A", (0.1,) * 3)], titre="T").en_barres
    assert [(b.largeur, b.texte) for r in dessin.rangs for b in r.barres] == [(25, "25"), (None, "—")]


@pytest.mark.parametrize(
    ("valeurs", "phrase"),
    [
        ((0.2, 0.8, 0.5), "A : au plus bas, Section 1 (20) ; au plus haut, Section 2 (80)."),
        (
            (0.2, None, 0.5),
            "A, 2 sections répondues sur 3 : au plus bas, Section 1 (20) ; au plus haut, Section 3 (50).",
        ),
        ((0.5, 0.5, 0.5), "A : 50 partout."),
        ((None, 0.5, None), "A, 1 section répondue sur 3 : 50 pour Section 2."),
        ((None, None, None), "A : aucune réponse."),
    ],
)
def test_la_phrase_dit_les_extremes(valeurs: tuple[float | None, ...], phrase: str) -> None:
    assert dessiner(noms(3), [Serie("A", valeurs)], titre="T").phrase == phrase


@pytest.mark.parametrize(
    ("axes", "series"),
    [
        ([], [Serie("A", ())]),
        (noms(3), []),
        (noms(3), [Serie("A", (0.1, 0.2))]),
        (noms(3), [Serie("A", (0.1, 0.2, 1.2))]),
        (noms(3), [Serie("A", (0.1, 0.2, -0.1))]),
        (noms(3), [Serie("A", (0.1,) * 3)] * 4),
        (noms(3), [Serie("A", (0.1,) * 3, "plein"), Serie("B", (0.1,) * 3, "plein")]),
        (noms(3), [Serie("A", (0.1,) * 3, "ondulé")]),
    ],
)
def test_ce_qui_ne_se_dessine_pas_est_refuse(axes: list[str], series: list[Serie]) -> None:
    with pytest.raises(ValueError):
        dessiner(axes, series, titre="T")


@pytest.mark.parametrize(("valeur", "ecrit"), [(28.5, 29), (28.49, 28), (0.285 * 100, 29), (0, 0), (100, 100)])
def test_une_moitie_monte(valeur: float, ecrit: int) -> None:
    assert arrondi(valeur) == ecrit
