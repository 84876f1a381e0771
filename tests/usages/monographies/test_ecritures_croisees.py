"""Deux écritures croisées : réunies là où elles ne se touchent pas, en conflit sinon, et rien ne se perd."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from usages.calculs.ecritures_croisees import Conflit, Cote, Croisement, Pris, croiser
from usages.calculs.prose import en_texte, lire

pytestmark = pytest.mark.une_base

TEXTES = st.lists(st.sampled_from("abcdefg"), max_size=7).map(tuple)
CHOIX = st.sampled_from(Cote)


def _presents(croisement: Croisement[str]) -> tuple[set[str], set[str]]:
    """(ce qui est pris ou en conflit, ce qui est montré comme remplacé)."""
    pris: set[str] = set()
    remplaces: set[str] = set()
    for morceau in croisement.morceaux:
        if isinstance(morceau, Conflit):
            pris |= {*morceau.mien, *morceau.sien}
            remplaces |= {*morceau.base}
        else:
            pris |= {*morceau.blocs}
            remplaces |= {*morceau.avant}
    return pris, remplaces


def test_chacun_son_bloc() -> None:
    croisement = croiser("abc", ("A", "b", "c"), ("a", "b", "C"))
    assert croisement.morceaux == (
        Pris(("a",), ("A",), Cote.MIEN),
        Pris(("b",), ("b",), Cote.BASE),
        Pris(("c",), ("C",), Cote.SIEN),
    )
    assert croisement.reunis() == ("A", "b", "C")


def test_deux_blocs_voisins_ne_font_pas_un_conflit() -> None:
    assert croiser("ab", ("A", "b"), ("a", "B")).reunis() == ("A", "B")
    assert croiser("abcd", ("A", "B", "c", "d"), ("a", "b", "C", "D")).reunis() == ("A", "B", "C", "D")


def test_le_meme_bloc_fait_un_conflit_qui_montre_les_deux() -> None:
    croisement = croiser("abc", ("a", "M", "c"), ("a", "S", "c"))
    assert croisement.conflits == [Conflit(("b",), ("M",), ("S",))]
    attendus = {Cote.BASE: "abc", Cote.MIEN: "aMc", Cote.SIEN: "aSc", Cote.LES_DEUX: "aMSc"}
    assert {c: "".join(croisement.reunis([c])) for c in Cote} == attendus


def test_le_meme_changement_n_est_pas_un_conflit() -> None:
    assert croiser("ab", ("a", "X"), ("a", "X")).morceaux[-1] == Pris(("b",), ("X",), Cote.LES_DEUX)


def test_deux_ajouts_au_meme_endroit_se_choisissent() -> None:
    croisement = croiser("a", ("a", "M"), ("a", "S"))
    assert croisement.conflits == [Conflit((), ("M",), ("S",))]
    assert croisement.reunis([Cote.LES_DEUX]) == ("a", "M", "S")


def test_deux_ajouts_ailleurs_se_reunissent() -> None:
    assert croiser("ab", ("a", "M", "b"), ("a", "b", "S")).reunis() == ("a", "M", "b", "S")


def test_le_meme_ajout_et_la_suite_changee_par_un_seul() -> None:
    assert croiser("ab", ("a", "X", "b"), ("a", "X", "B")).reunis() == ("a", "X", "B")
    assert croiser("ab", ("a", "X", "B"), ("a", "X", "b")).reunis() == ("a", "X", "B")


def test_une_suppression_et_un_changement_du_meme_bloc() -> None:
    assert croiser("abc", "ac", ("a", "B", "c")).conflits == [Conflit(("b",), (), ("B",))]


def test_une_suppression_se_montre() -> None:
    croisement = croiser("abc", "ac", "abc")
    assert Pris(("b",), (), Cote.MIEN) in croisement.morceaux
    assert croisement.reunis() == ("a", "c")


def test_en_regard() -> None:
    assert Conflit(("x",), ("p", "M"), ("p", "S", "T")).en_regard() == [("p", "p"), ("M", "S"), (None, "T")]


def test_deux_suppressions_ne_mettent_en_conflit_que_le_bloc_change() -> None:
    croisement = croiser("abc", "a", ("a", "b", "C"))
    assert croisement.morceaux[1:] == (Pris(("b",), (), Cote.MIEN), Conflit(("c",), (), ("C",)))


def test_garder_les_deux_ne_double_pas_un_bloc_pareil() -> None:
    assert Conflit(("x",), ("p", "M"), ("p", "S")).selon(Cote.LES_DEUX) == ("p", "M", "S")


@pytest.mark.parametrize("choix", [[], [Cote.MIEN] * 2])
def test_il_faut_un_choix_par_conflit(choix: list[Cote]) -> None:
    with pytest.raises(ValueError, match="1 choix attendus"):
        croiser("a", "m", "s").reunis(choix)


def test_deux_proses() -> None:
    base = "## T\n\nUn.\n\nDeux.\n\n- a\n- b"
    mien, sien = base.replace("Un.", "Un, **relu**."), base.replace("- b", "- b\n- c")
    reunis = croiser(lire(base), lire(mien), lire(sien)).reunis()
    assert en_texte(reunis) == "## T\n\nUn, **relu**.\n\nDeux.\n\n- a\n- b\n- c"


@settings(max_examples=500)
@given(TEXTES, TEXTES, TEXTES)
def test_rien_n_est_perdu(base: tuple[str, ...], mien: tuple[str, ...], sien: tuple[str, ...]) -> None:
    """Chaque bloc de chacun est là ; ce que l'un a écrit de neuf est pris ou en conflit, pas seulement remplacé."""
    pris, remplaces = _presents(croiser(base, mien, sien))
    assert {*mien, *sien} <= pris | remplaces
    assert {*mien, *sien} - {*base} <= pris


@settings(max_examples=500)
@given(TEXTES, TEXTES, TEXTES)
def test_chaque_texte_se_refait_des_morceaux(
    base: tuple[str, ...], mien: tuple[str, ...], sien: tuple[str, ...]
) -> None:
    """La preuve la plus forte que rien ne se perd : des morceaux seuls, on refait la base, le mien et le sien."""
    morceaux = croiser(base, mien, sien).morceaux

    def refaire(cote: Cote) -> tuple[str, ...]:
        texte: tuple[str, ...] = ()
        for m in morceaux:
            if isinstance(m, Conflit):
                texte += m.selon(cote)
            else:
                texte += m.blocs if m.par in (cote, Cote.LES_DEUX) else m.avant
        return texte

    assert refaire(Cote.MIEN) == mien
    assert refaire(Cote.SIEN) == sien
    assert sum((m.base if isinstance(m, Conflit) else m.avant for m in morceaux), ()) == base


@given(TEXTES, TEXTES)
def test_un_seul_qui_ecrit(base: tuple[str, ...], texte: tuple[str, ...]) -> None:
    assert croiser(base, texte, base).reunis() == texte
    assert croiser(base, base, texte).reunis() == texte
    assert croiser(base, texte, texte).reunis() == texte


@given(TEXTES, TEXTES, TEXTES)
def test_l_ordre_des_auteurs_ne_change_pas_ce_qui_se_reunit(
    base: tuple[str, ...], mien: tuple[str, ...], sien: tuple[str, ...]
) -> None:
    un, autre = croiser(base, mien, sien), croiser(base, sien, mien)
    assert [(c.mien, c.sien) for c in un.conflits] == [(c.sien, c.mien) for c in autre.conflits]
    assert un.reunis([Cote.BASE] * len(un.conflits)) == autre.reunis([Cote.BASE] * len(autre.conflits))


@given(st.integers(0, 8), st.sets(st.integers(0, 8)), st.sets(st.integers(0, 8)))
def test_des_blocs_differents_se_reunissent_toujours(taille: int, miens: set[int], siens: set[int]) -> None:
    base = tuple(f"b{n}" for n in range(taille))
    mien = tuple(f"m{n}" if n in miens - siens else bloc for n, bloc in enumerate(base))
    sien = tuple(f"s{n}" if n in siens - miens else bloc for n, bloc in enumerate(base))
    attendu = tuple(m if m != b else s for b, m, s in zip(base, mien, sien, strict=True))
    assert croiser(base, mien, sien).reunis() == attendu


@given(TEXTES, TEXTES, TEXTES, st.data())
def test_avec_les_deux_tout_ce_qui_est_neuf_reste(
    base: tuple[str, ...], mien: tuple[str, ...], sien: tuple[str, ...], data: st.DataObject
) -> None:
    croisement = croiser(base, mien, sien)
    reunis = croisement.reunis([Cote.LES_DEUX] * len(croisement.conflits))
    assert {*mien, *sien} - {*base} <= {*reunis}
    choix = [data.draw(CHOIX) for _ in croisement.conflits]
    assert {*croisement.reunis(choix)} <= {*base, *mien, *sien}
