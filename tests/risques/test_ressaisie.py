"""Des codes repris du papier : écrire puis lire rend la même chose ; chaque faute a sa ligne."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risques.calculs.ressaisie import FAUTES_AU_PLUS, LIGNES_AU_PLUS, Faute, Saisie, TropLong, a_montrer, ecrire, lire

CODES = st.from_regex(r"[A-Z0-9][A-Z0-9-]{0,11}", fullmatch=True)
NOTES = st.none() | st.integers(0, 100)
SEPARATEURS = [" ; ", ";", ", ", "\n", "\t", "\n\n"]
LIAISONS = [" ", "=", " : ", "\t"]


@st.composite
def grilles(draw: st.DrawFn) -> list[Saisie]:
    """Des réponses à des codes distincts, chacune à sa ligne."""
    codes = draw(st.lists(CODES, unique=True, min_size=1, max_size=40))
    return [Saisie(code, draw(NOTES), ligne) for ligne, code in enumerate(codes, 1)]


@given(grilles())
def test_ecrire_puis_lire_rend_la_meme_chose(saisies: list[Saisie]) -> None:
    lecture = lire(ecrire(saisies), [s.code for s in saisies])
    assert list(lecture.saisies) == saisies
    assert not lecture.fautes


@given(grilles(), st.data())
def test_les_separateurs_sont_souples(saisies: list[Saisie], data: st.DataObject) -> None:
    def dite(s: Saisie) -> str:
        so = data.draw(st.sampled_from(["so", "SO", "s.o.", "Sans objet", "s/o"]))
        return f"{s.code.lower()}{data.draw(st.sampled_from(LIAISONS))}{so if s.valeur is None else s.valeur}"

    texte = "".join(dite(s) + data.draw(st.sampled_from(SEPARATEURS)) for s in saisies)
    lecture = lire(texte, [s.code for s in saisies])
    assert [(s.code, s.valeur) for s in lecture.saisies] == [(s.code, s.valeur) for s in saisies]
    assert not lecture.fautes


@given(st.text(max_size=400))
def test_n_importe_quoi_se_lit_sans_erreur(texte: str) -> None:
    lecture = lire(texte, ["P01", "P02"])
    lignes = range(1, len(texte.splitlines()) + 1)
    assert all(faute.ligne in lignes for faute in lecture.fautes)
    assert {s.code for s in lecture.saisies} <= {"P01", "P02"}


@pytest.mark.parametrize(
    ("texte", "ligne", "dit"),
    [
        ("P01 7\nX99 3", 2, "« X99 » n'est pas un code de cette grille"),
        ("P01 7 ; P01 8", 1, "P01 est déjà donné ligne 1"),
        ("P01 7\n\nP01 so", 3, "P01 est déjà donné ligne 1"),
        ("P01", 1, "P01 n'a pas de note"),
        ("P01 P02 3", 1, "P01 n'a pas de note"),
        ("P01 oui", 1, "P01 : « oui » n'est pas une note"),
        ("P01 7.5", 1, "« 7.5 » n'est pas une note"),
        ("7", 1, "« 7 » n'a pas de code devant"),
        ("=cmd|' /C calc'!A0", 1, "« cmd » n'est pas un code"),
    ],
)
def test_une_faute_dit_sa_ligne(texte: str, ligne: int, dit: str) -> None:
    faute = lire(texte, ["P01", "P02"]).fautes[0]
    assert faute.ligne == ligne
    assert dit in faute.phrase


def test_une_faute_n_arrete_pas_la_lecture() -> None:
    lecture = lire("X99 3 ; P02 4\nP01 7/10", ["P01", "P02"])
    assert {s.code: s.valeur for s in lecture.saisies} == {"P02": 4, "P01": 7}
    assert len(lecture.fautes) == 1


def test_trois_mille_lignes_sont_refusees_d_un_mot() -> None:
    with pytest.raises(TropLong, match="3000 lignes"):
        lire("P01 7\n" * 3000, ["P01"])
    assert lire("P01 7\n" * LIGNES_AU_PLUS, ["P01"]).saisies


@given(st.integers(0, 3 * FAUTES_AU_PLUS))
def test_on_montre_les_premieres_fautes_et_le_compte_des_autres(nb: int) -> None:
    montrees, autres = a_montrer(Faute(ligne, "Non.") for ligne in range(nb, 0, -1))
    assert [f.ligne for f in montrees] == list(range(1, min(nb, FAUTES_AU_PLUS) + 1))
    assert len(montrees) + autres == nb
