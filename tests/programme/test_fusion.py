"""Le nom des unités d'un ESMS absorbé à leur arrivée."""

from hypothesis import given
from hypothesis import strategies as st

from programme.calculs.fusion import LONGUEUR, noms_distincts

noms = st.text("aAéb 1()", min_size=1, max_size=80).filter(str.strip)


def test_un_nom_libre_reste_et_l_unite_d_office_prend_celui_de_l_absorbe() -> None:
    rendu = noms_distincts(
        {1: "Internat", 2: "ESMS entier"}, ["Accueil de jour"], absorbe="IME du Bac", par_defaut="ESMS entier"
    )
    assert rendu == {1: "Internat", 2: "IME du Bac"}


def test_un_nom_deja_pris_dit_d_ou_il_vient() -> None:
    rendu = noms_distincts({1: "internat"}, ["Internat"], absorbe="IME du Bac", par_defaut="ESMS entier")
    assert rendu == {1: "internat (IME du Bac)"}


def test_deux_fois_le_meme_nom_un_numero_les_separe() -> None:
    presentes = ["Internat", "Internat (IME du Bac)"]
    assert noms_distincts({1: "Internat"}, presentes, absorbe="IME du Bac", par_defaut="") == {1: "Internat 2"}


@given(st.dictionaries(st.integers(1, 20), noms, max_size=8), st.lists(noms, max_size=8), noms)
def test_toujours_distincts_toujours_bornes(arrivantes: dict[int, str], presentes: list[str], absorbe: str) -> None:
    rendu = noms_distincts(arrivantes, presentes, absorbe=absorbe, par_defaut="a")
    casses = [n.casefold() for n in rendu.values()]
    assert set(rendu) == set(arrivantes)
    assert len(set(casses)) == len(casses) and not set(casses) & {n.casefold() for n in presentes}
    assert all(0 < len(n) <= LONGUEUR for n in rendu.values())
