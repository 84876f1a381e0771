"""Le passage d'un commentaire : retrouvé quoi qu'on change ailleurs, dit récrit ou disparu sinon, jamais perdu."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usages.calculs.passages_cites import (
    CONTEXTE,
    PHRASES,
    SEUIL,
    Ancre,
    Etat,
    ancrer,
    ancrer_extrait,
    retrouver,
)

pytestmark = pytest.mark.une_base

TEXTES = (
    "L'établissement accueille des jeunes en internat et en semi-internat.",
    "Le journal de bord a été ouvert en premier. Les équipes y écrivent chaque soir, et relisent le matin.",
    "Le cahier papier reste sur le bureau. Les équipes y écrivent encore le dimanche.",
)
MOTS = st.sampled_from(["le", "journal", "de", "bord", "équipe", "soir", "cahier", "a", "été", "l'écrit", "—", "relu"])
BLOCS = st.lists(MOTS, min_size=1, max_size=15).map(" ".join)


def _ancre(extrait: str, bloc: int = 1) -> Ancre:
    return ancrer_extrait(TEXTES, bloc, extrait)


def test_le_meme_passage() -> None:
    passage = retrouver(_ancre("écrivent chaque soir"), TEXTES)
    assert (passage.etat, passage.bloc, passage.extrait) == (Etat.EXACT, 1, "écrivent chaque soir")
    assert TEXTES[1][passage.debut : passage.fin] == passage.extrait


def test_un_bloc_ajoute_avant_le_deplace() -> None:
    passage = retrouver(_ancre("écrivent chaque soir"), ("Une entrée en matière.", *TEXTES))
    assert (passage.etat, passage.bloc) == (Etat.DEPLACE, 2)


def test_ce_qui_entoure_separe_deux_passages_pareils() -> None:
    for bloc in (1, 2):
        ancre = _ancre("Les équipes y écrivent", bloc)
        assert retrouver(ancre, TEXTES).bloc == bloc
        assert retrouver(ancre, TEXTES[::-1]).bloc == 2 - bloc


def test_a_contexte_egal_le_bloc_d_avant_l_emporte() -> None:
    textes = ("pareil", "autre", "pareil")
    assert [retrouver(ancrer(textes, n), textes).bloc for n in (0, 2)] == [0, 2]


def test_le_debut_et_la_fin_d_un_bloc_comptent_comme_contexte() -> None:
    textes = ("Oui, et encore oui, dit-il.", "Oui")
    passage = retrouver(ancrer(textes, 1), ("On a dit oui. Oui, et encore Oui, dit-il.", "autre", "autre", "Oui"))
    assert passage.bloc == 3
    textes = ("Oui, bien sûr.",)
    passage = retrouver(ancrer_extrait(textes, 0, "Oui"), ("Et Oui, bien sûr.", "autre", "Oui, bien sûr."))
    assert passage.bloc == 2


def test_une_apostrophe_ou_un_blanc_retapes_ne_changent_rien() -> None:
    ancre = ancrer_extrait(("On a dit : l'écrit\nd'abord.",), 0, "dit : l’écrit d'abord")
    passage = retrouver(ancre, ("On a dit\u00a0: l’écrit d'abord.",))
    assert (passage.etat, passage.extrait) == (Etat.EXACT, "dit\u00a0: l’écrit d'abord")


@pytest.mark.parametrize(
    ("recrit", "trouve"),
    [
        ("Les équipes y écrivent chaque nuit, et relisent le matin.", "Les équipes y écrivent chaque"),
        ("Toutes les équipes, le jour, y écrivent chaque soir.", "les équipes, le jour, y écrivent chaque soir."),
    ],
)
def test_un_passage_recrit(recrit: str, trouve: str) -> None:
    ancre = _ancre("Les équipes y écrivent chaque soir")
    passage = retrouver(ancre, (TEXTES[0], recrit))
    assert passage.etat == Etat.MODIFIE and passage.bloc == 1
    assert SEUIL <= passage.ressemblance < 1
    assert passage.extrait == trouve


def test_ce_qu_on_a_mis_a_la_place_se_retrouve_par_ce_qui_l_entoure() -> None:
    ancre = ancrer_extrait(("Une phrase longue avant, informatise, une phrase longue apres.",), 0, "informatise")
    passage = retrouver(ancre, ("Une phrase longue avant, informatisation, une phrase longue apres.",))
    assert (passage.etat, passage.extrait) == (Etat.MODIFIE, "informatisation")


def test_des_petits_mots_partages_ne_font_pas_un_passage() -> None:
    ancre = ancrer_extrait(("au sein de la grappe",), 0, "de la grappe")
    assert retrouver(ancre, ("le plan de la direction",)).etat == Etat.DISPARU


def test_un_passage_disparu_garde_ses_mots() -> None:
    ancre = _ancre("Les équipes y écrivent chaque soir")
    for textes in ((), ("",), ("Tout autre chose, sans rapport aucun.",)):
        passage = retrouver(ancre, textes)
        assert (passage.etat, passage.bloc, passage.extrait) == (Etat.DISPARU, None, ancre.extrait)
        assert passage.phrase == PHRASES[Etat.DISPARU]


def test_chaque_etat_a_sa_phrase() -> None:
    assert set(PHRASES) == set(Etat)


def test_le_contexte_est_borne() -> None:
    ancre = ancrer(("a" * 200 + "ICI" + "b" * 200,), 0, 200, 203)
    assert (len(ancre.avant), ancre.extrait, len(ancre.apres)) == (CONTEXTE, "ICI", CONTEXTE)


@pytest.mark.parametrize(
    ("bloc", "debut", "fin"), [(9, 0, 1), (-1, 0, 1), (0, 3, 3), (0, 4, 2), (0, 0, 9999), (0, -1, 2)]
)
def test_un_passage_vide_se_refuse(bloc: int, debut: int, fin: int) -> None:
    with pytest.raises(ValueError):
        ancrer(TEXTES, bloc, debut, fin)


@pytest.mark.parametrize(("bloc", "extrait"), [(1, ""), (1, " "), (1, "pas ces mots"), (7, "le")])
def test_un_extrait_absent_se_refuse(bloc: int, extrait: str) -> None:
    with pytest.raises(ValueError):
        ancrer_extrait(TEXTES, bloc, extrait)


@pytest.mark.parametrize("seuil", [0, -1, 1.1])
def test_un_seuil_hors_bornes_se_refuse(seuil: float) -> None:
    with pytest.raises(ValueError):
        retrouver(_ancre("soir"), TEXTES, seuil=seuil)


@st.composite
def _passages(draw: st.DrawFn) -> tuple[list[str], int, int, int]:
    blocs = draw(st.lists(BLOCS, min_size=1, max_size=6))
    bloc = draw(st.integers(0, len(blocs) - 1))
    debut = draw(st.integers(0, len(blocs[bloc]) - 1))
    fin = draw(st.integers(debut + 1, len(blocs[bloc])))
    if not blocs[bloc][debut:fin].strip():
        debut, fin = 0, len(blocs[bloc])
    return blocs, bloc, debut, fin


@given(_passages(), st.lists(BLOCS, max_size=6), st.lists(BLOCS, max_size=6))
def test_une_modification_ailleurs_ne_perd_jamais_un_passage(
    choisi: tuple[list[str], int, int, int], devant: list[str], derriere: list[str]
) -> None:
    """Tout change autour, son bloc reste : les mêmes mots se retrouvent, avec autant de contexte qu'avant."""
    blocs, bloc, debut, fin = choisi
    ancre = ancrer(blocs, bloc, debut, fin)
    apres = [*devant, blocs[bloc], *derriere]
    passage = retrouver(ancre, apres)
    assert passage.etat in (Etat.EXACT, Etat.DEPLACE)
    assert passage.bloc is not None
    assert apres[passage.bloc][passage.debut : passage.fin] == passage.extrait == ancre.extrait
    if blocs[bloc] not in devant + derriere and len(blocs[bloc]) <= CONTEXTE:
        assert (passage.bloc, passage.debut) == (len(devant), debut)


@given(_passages())
def test_sans_modification_c_est_le_meme(choisi: tuple[list[str], int, int, int]) -> None:
    blocs, bloc, debut, fin = choisi
    passage = retrouver(ancrer(blocs, bloc, debut, fin), blocs)
    assert passage.etat == Etat.EXACT and passage.bloc == bloc
    assert passage.extrait == blocs[bloc][debut:fin]


@given(_passages(), st.lists(BLOCS, max_size=6))
def test_quoi_qu_on_ecrive_le_commentaire_garde_des_mots(
    choisi: tuple[list[str], int, int, int], apres: list[str]
) -> None:
    blocs, bloc, debut, fin = choisi
    ancre = ancrer(blocs, bloc, debut, fin)
    passage = retrouver(ancre, apres)
    assert passage.extrait and passage.phrase
    if passage.etat == Etat.DISPARU:
        assert passage.extrait == ancre.extrait
    else:
        assert passage.bloc is not None and SEUIL <= passage.ressemblance <= 1
        assert apres[passage.bloc][passage.debut : passage.fin] == passage.extrait
