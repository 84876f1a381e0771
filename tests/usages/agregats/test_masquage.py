"""Aucun total de moins de cinq ESMS ne se lit : ni droit, ni par la différence de ceux qui se lisent."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.calculs.masquage import SEUIL, est_petit
from usages.calculs.agregat import Agregat
from usages.calculs.masquage import additionner, montrer, parties_tues, pays_se_lit, se_lit_surement

GROUPES = st.dictionaries(st.integers(0, 12), st.integers(0, 12), max_size=8)
CASES = [(s, t) for s in ("PA", "DOMICILE") for t in ("petite", "grande")]
ATOMES = st.dictionaries(
    st.tuples(st.sampled_from(["g1", "g2", "ailleurs"]), st.sampled_from(CASES)), st.integers(0, 9), max_size=12
)
Atomes = dict[tuple[str, tuple[str, str]], int]


@given(GROUPES)
def test_le_tout_moins_les_parties_montrees_n_est_jamais_petit(groupes: dict[int, int]) -> None:
    tues = parties_tues(groupes, groupes)
    assert not [n for cle, n in groupes.items() if cle not in tues and est_petit(n)]
    if not est_petit(sum(groupes.values())):
        assert not est_petit(sum(groupes[cle] for cle in tues))


@given(GROUPES)
def test_rien_de_petit_rien_de_tu(groupes: dict[int, int]) -> None:
    grands = {cle: n + SEUIL for cle, n in groupes.items()}
    assert parties_tues(grands, grands) == set()


def _publies(atomes: Atomes) -> list[frozenset[tuple[str, tuple[str, str]]]]:
    """Tout ce qu'un lecteur de g1 et g2 lit du pays, chaque total comme l'ensemble de ses atomes."""
    pays: Counter[tuple[str, str]] = Counter()
    grappes: dict[str, Counter[tuple[str, str]]] = {"g1": Counter(), "g2": Counter()}
    for (lieu, case), n in atomes.items():
        pays[case] += n
        if lieu in grappes:
            grappes[lieu][case] += n
    tris = [(None, None), *((s, None) for s in ("PA", "DOMICILE")), *CASES]
    lus = [
        frozenset(a for a in atomes if secteur in (None, a[1][0]) and taille in (None, a[1][1]))
        for secteur, taille in tris
        if pays_se_lit(pays, grappes, secteur, taille)
    ]
    for nom, grappe in grappes.items():
        if not est_petit(sum(grappe.values())):
            lus.append(frozenset(a for a in atomes if a[0] == nom))
    return [frozenset(a for a in lu if atomes[a]) for lu in lus]


def _differences(publies: list[frozenset[object]]) -> Iterator[frozenset[object]]:
    """Un total, et ce qui en reste quand on en ôte d'autres qu'il contient, deux à deux sans se recouper."""
    for total in set(publies):
        restes, dedans = {total}, [p for p in set(publies) if p < total]
        for p in dedans:
            restes |= {reste - p for reste in restes if p <= reste}
        yield from restes


@given(ATOMES)
@settings(max_examples=600)
def test_aucune_difference_de_totaux_ne_dit_moins_de_cinq_esms(atomes: Atomes) -> None:
    for reste in _differences(_publies(atomes)):
        effectif = sum(atomes[a] for a in reste)
        assert not est_petit(effectif), (effectif, sorted(reste))


@given(ATOMES, ATOMES, st.integers(0, 3))
@settings(max_examples=600)
def test_ce_qui_se_lit_surement_se_lit(atomes: Atomes, de_plus: Atomes, epars: int) -> None:
    """Majorés sans compter un chiffre, connus et grappes ne font jamais montrer ce que le compte exact tairait."""
    pays: Counter[tuple[str, str]] = Counter()
    grappes: dict[str, Counter[tuple[str, str]]] = {"g1": Counter(), "g2": Counter()}
    plus: Counter[tuple[str, str]] = Counter()
    for (lieu, case), n in atomes.items():
        pays[case] += n
        if lieu in grappes:
            grappes[lieu][case] += n
            plus[case] += n
    for (_, case), n in de_plus.items():
        plus[case] += n
    # Les épars : de ses grappes ou non, dans n'importe quelle case.
    for case in [c for c in CASES if plus[c]][:epars]:
        plus[case] -= 1
    for secteur, taille in [(None, None), *((s, None) for s in ("PA", "DOMICILE")), *CASES]:
        if se_lit_surement(pays, plus, epars, secteur, taille):
            assert pays_se_lit(pays, grappes, secteur, taille)


def test_un_pays_nombreux_se_lit_sans_compter() -> None:
    pays = Counter({case: 20 for case in CASES})
    for tri in [(None, None), ("PA", None), ("PA", "petite")]:
        assert se_lit_surement(pays, Counter({case: 12 for case in CASES}), 3, *tri)
    assert not se_lit_surement(pays, Counter({("PA", "petite"): 13}), 3, "PA", "petite")
    assert not se_lit_surement(pays, Counter({("PA", "grande"): 13}), 3, "PA", "petite")


@given(ATOMES)
def test_un_pays_nombreux_se_lit(atomes: Atomes) -> None:
    """Le masquage ne tait pas tout : vingt ESMS de plus dans chaque case, ailleurs, et tout se lit."""
    pays = Counter({case: 20 for case in CASES})
    grappe: Counter[tuple[str, str]] = Counter()
    for (lieu, case), n in atomes.items():
        pays[case] += n
        if lieu == "g1":
            grappe[case] += n
    for secteur, taille in [(None, None), ("PA", None), ("PA", "petite")]:
        assert pays_se_lit(pays, {"g1": grappe}, secteur, taille)


def test_une_taille_sans_secteur_se_refuse() -> None:
    with pytest.raises(ValueError, match="donnez aussi le secteur"):
        pays_se_lit({}, {}, None, "petite")


def test_masque_il_ne_reste_que_qui_a_repondu() -> None:
    lu = montrer(Agregat(Decimal(30), Decimal(40), 3, 9, 1, 2), masque=True)
    assert (lu.numerateur, lu.denominateur, lu.taux, lu.est_masque) == (None, None, None, True)
    assert lu.reponses == "3 ESMS sur 7 ont répondu"
    assert montrer(Agregat(nb_attendus=4)).reponses == "aucun ESMS sur 4 n'a répondu"
    assert montrer(Agregat(Decimal(1), Decimal(2), 1, 4)).reponses == "1 ESMS sur 4 a répondu"


def test_une_somme_de_periodes_se_tait_des_que_l_une_se_tait() -> None:
    """Sans quoi l'année moins onze mois dirait le douzième."""
    mois = [montrer(Agregat(Decimal(30), Decimal(40), 8, 9)) for _ in range(11)]
    assert additionner(mois).taux == pytest.approx(0.75)
    total = additionner([*mois, montrer(Agregat(Decimal(3), Decimal(4), 2, 9), masque=True)])
    assert (total.est_masque, total.numerateur, total.nb_repondants) == (True, None, 90)
