"""Les verbatims cités par leur clé ; ceux qu'on recopie sans en avoir le droit ne ressortent jamais."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.usages.monographies.proses import TEXTES
from usages.calculs.propos_cites import (
    MOTS_MINIMUM,
    MOTS_RECONNUS,
    Interdits,
    est_redit,
    redits,
    references,
    resoudre,
    sans_redits,
)
from usages.calculs.prose import Citation, en_texte, lire, textes_nus

pytestmark = pytest.mark.une_base

DIT = "On sait le matin ce qui s'est passé la nuit, et on l'écrit."
MOTS = st.sampled_from(["Le", "soir", "équipe", "l'été", "où", "cahier", "DUI", "lit", "NOËL", "cœur", "neuf", "règle"])
DITS = st.lists(MOTS, min_size=MOTS_MINIMUM, max_size=14).map(" ".join)


def test_references_dans_l_ordre_une_fois() -> None:
    prose = "Avant.\n@verbatim 12\n\n  @Verbatim 3  \n@verbatim 12\nphrase @verbatim 4\n> @verbatim 5\n@verbatim x"
    assert references(prose) == [12, 3]


def test_une_citation_est_un_bloc_a_elle() -> None:
    rendu = lire(resoudre("Avant.\n@verbatim 12\nAprès.", {12: (DIT, "une éducatrice")}))
    assert textes_nus(rendu) == ("Avant.", f"{DIT}\n— une éducatrice", "Après.")
    assert isinstance(rendu[1], Citation)


def test_sans_accord_la_ligne_disparait() -> None:
    assert textes_nus(lire(resoudre("Avant.\n\n@verbatim 12\n\nAprès.", {}))) == ("Avant.", "Après.")


def test_ce_qui_a_ete_dit_n_est_jamais_du_balisage() -> None:
    dit = "## pas un titre\n!!! ni un encadré\n— ni un rôle, *ni* @verbatim 3"
    (bloc,) = lire(resoudre("@verbatim 1", {1: (dit, "un cadre"), 3: ("secret", "x")}))
    assert isinstance(bloc, Citation) and bloc.qui == "un cadre"
    assert textes_nus([bloc]) == (f"{dit}\n— un cadre",)


@pytest.mark.parametrize(
    "ecrit",
    [
        DIT,
        DIT.upper(),
        "Il dit : « on sait le matin ce qui s’est passe la nuit — et on l ecrit », voilà.",
        "**On sait** le *matin* ce qui s'est\npassé la nuit, et on l'écrit",
        "> On sait le matin ce qui s'est passé la nuit,\n> et on l'écrit\n> — une éducatrice",
        "- On sait le matin ce qui\n- s'est passé la nuit, et on l'écrit",
        "On sait le mat\u00adin ce qui s'est pas\u200bsé la nuit, et on l'écrit",
        "!!! Focus\nOn sait le matin ce qui s'est passé la nuit, et on l'écrit\n!!!",
        "Ce qui s'est passé la nuit, et on l'écrit ailleurs.",
    ],
)
def test_ce_qui_redit(ecrit: str) -> None:
    assert redits(ecrit, [DIT])
    assert not sans_redits(lire(ecrit), Interdits.lire([DIT]))


@pytest.mark.parametrize("ecrit", ["", "On sait le matin.", "Ce qui se passe la nuit s'écrit.", "@verbatim 12"])
def test_ce_qui_ne_redit_pas(ecrit: str) -> None:
    assert redits(ecrit, [DIT]) == []
    assert sans_redits(lire(ecrit), Interdits.lire([DIT])) == lire(ecrit)


def test_le_passage_est_rendu_tel_qu_il_est_ecrit() -> None:
    dit = "Nous dormons mieux depuis."
    assert redits("Une veilleuse : « Nous DORMONS  mieux, depuis ». Fin.", [dit]) == ["Nous DORMONS  mieux, depuis"]


def test_un_dit_tres_court_ne_vaut_que_seul_sur_sa_ligne() -> None:
    assert redits("Oui, bien sûr que cela change.", ["Oui, bien sûr."]) == []
    assert redits("> Oui bien sur !\n> — un cadre", ["Oui, bien sûr."]) == ["Oui bien sur !"]


def test_un_dit_sans_un_mot_ne_retire_rien() -> None:
    assert not Interdits.lire(["…", ""]) and redits("… et la suite", ["…", ""]) == []


@given(TEXTES, DITS, TEXTES)
def test_aucun_texte_interdit_ne_ressort(avant: str, dit: str, apres: str) -> None:
    """Où qu'on le recopie, ni le verbatim entier ni huit de ses mots de suite ne restent."""
    interdits = Interdits.lire([dit])
    restants = sans_redits(lire(f"{avant}\n{dit}\n{apres}"), interdits)
    reste = "\n\n".join(textes_nus(restants))
    assert not est_redit(reste, interdits)
    colle = "".join(c for c in reste.casefold() if c.isalnum())
    assert "".join(c for c in dit.casefold() if c.isalnum()) not in colle


@given(TEXTES, DITS, st.integers(1, 99))
def test_un_accord_retire_n_en_laisse_rien(avant: str, dit: str, cle: int) -> None:
    prose = f"{avant}\n\n@verbatim {cle}\n\n{dit}"
    sorti = sans_redits(lire(resoudre(prose, {})), Interdits.lire([dit]))
    assert redits(en_texte(sorti), [dit]) == []


@given(TEXTES)
def test_sans_interdit_rien_ne_bouge(texte: str) -> None:
    assert sans_redits(lire(texte), Interdits.lire([])) == lire(texte)


@given(DITS.filter(lambda dit: len(dit.split()) >= MOTS_RECONNUS))
def test_huit_mots_suffisent(dit: str) -> None:
    assert redits(" ".join(dit.split()[:MOTS_RECONNUS]), [dit])
