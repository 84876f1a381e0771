"""L'accord entre codeurs : des valeurs calculées à la main, des bornes, et les cas où il ne se calcule pas."""

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from usages.calculs.accord import (
    PHRASES,
    SOUS_LE_HASARD,
    Accord,
    Cas,
    desaccords,
    kappa,
    kappa_moyen,
    lecture,
)

pytestmark = pytest.mark.une_base

CODAGES = st.dictionaries(st.integers(0, 15), st.sampled_from(["favorable", "défavorable", "sans effet"]), max_size=16)


def _tableau(*cases: tuple[str, str, int]) -> tuple[dict[int, str], dict[int, str]]:
    """Deux codages, d'un tableau croisé : (code de l'un, code de l'autre, nombre d'effets)."""
    paires = [(a, b) for a, b, nombre in cases for _ in range(nombre)]
    return dict(enumerate(a for a, _ in paires)), dict(enumerate(b for _, b in paires))


def test_un_tableau_calcule_a_la_main() -> None:
    """50 effets, 35 codés pareil (0,70) ; le hasard en donnerait 0,50 × 0,60 + 0,50 × 0,40 = 0,50 : kappa 0,40."""
    accord = kappa(*_tableau(("oui", "oui", 20), ("oui", "non", 5), ("non", "oui", 10), ("non", "non", 15)))
    assert accord == Accord(Fraction(2, 5), 50, 35)
    assert accord.phrase == "Kappa 0,40 : accord faible (Landis et Koch, 1977), sur 50 effets codés par les deux."


def test_trois_codes_calcules_a_la_main() -> None:
    """10 effets, 8 codés pareil (0,80) ; hasard (4 × 5 + 3 × 3 + 3 × 2) / 100 = 0,35 : kappa 0,45 / 0,65 = 9/13."""
    un, autre = _tableau(("a", "a", 4), ("b", "b", 2), ("b", "a", 1), ("c", "c", 2), ("c", "b", 1))
    assert kappa(un, autre) == Accord(Fraction(9, 13), 10, 8)


def test_seuls_les_effets_communs_comptent() -> None:
    assert kappa({1: "a", 2: "b", 3: "a"}, {1: "a", 2: "b", 9: "b"}) == Accord(Fraction(1), 2, 2)


@pytest.mark.parametrize(
    ("un", "autre", "attendu"),
    [
        ({}, {}, Accord(None, 0, 0, Cas.RIEN_EN_COMMUN)),
        ({1: "a"}, {2: "a"}, Accord(None, 0, 0, Cas.RIEN_EN_COMMUN)),
        ({1: "a", 2: "a"}, {1: "a", 2: "a"}, Accord(None, 2, 2, Cas.AUCUNE_VARIATION)),
        ({1: "a", 2: "a"}, {1: "a", 2: "b"}, Accord(Fraction(0), 2, 1, Cas.UN_SEUL_VARIE)),
        ({1: "a", 2: "a"}, {1: "b", 2: "b"}, Accord(Fraction(0), 2, 0, Cas.UN_SEUL_VARIE)),
        ({1: "a", 2: "b"}, {1: "b", 2: "a"}, Accord(Fraction(-1), 2, 0)),
    ],
)
def test_les_cas_a_part(un: Mapping[int, str], autre: Mapping[int, str], attendu: Accord) -> None:
    assert kappa(un, autre) == attendu
    if attendu.cas:
        assert kappa(un, autre).phrase.startswith(PHRASES[attendu.cas])


def test_chaque_cas_a_sa_phrase() -> None:
    assert {*PHRASES, Cas.ORDINAIRE} == set(Cas)


@pytest.mark.parametrize(
    ("valeur", "mots"),
    [
        ("-1", SOUS_LE_HASARD),
        ("-0.01", SOUS_LE_HASARD),
        ("0", "accord très faible"),
        ("0.20", "accord très faible"),
        ("0.201", "accord faible"),
        ("0.40", "accord faible"),
        ("0.60", "accord modéré"),
        ("0.80", "accord fort"),
        ("0.81", "accord presque parfait"),
        ("1", "accord presque parfait"),
    ],
)
def test_la_lecture_de_landis_et_koch(valeur: str, mots: str) -> None:
    assert lecture(Fraction(valeur)) == mots


def test_un_kappa_ne_depasse_pas_un() -> None:
    with pytest.raises(ValueError, match="ne dépasse pas 1"):
        lecture(Fraction(3, 2))


def test_la_moyenne_par_paires_dit_celles_qui_manquent() -> None:
    codages = {"b": {1: "x", 2: "y"}, "a": {1: "x", 2: "y"}, "c": {1: "y", 2: "x"}, "d": {9: "x"}}
    moyen = kappa_moyen(codages)
    assert [(a, b, accord.kappa) for a, b, accord in moyen.paires] == [
        ("a", "b", 1),
        ("a", "c", -1),
        ("a", "d", None),
        ("b", "c", -1),
        ("b", "d", None),
        ("c", "d", None),
    ]
    assert (moyen.kappa, moyen.ecartees) == (Fraction(-1, 3), 3)
    assert moyen.phrase.endswith("(Landis et Koch, 1977), 3 paires ; 3 paires sans kappa.")


@pytest.mark.parametrize(
    ("codages", "phrase"),
    [({}, "Un seul codeur"), ({"a": {1: "x"}}, "Un seul codeur"), ({"a": {1: "x"}, "b": {}}, "Aucune paire")],
)
def test_sans_paire_mesuree_la_moyenne_le_dit(codages: dict[str, dict[int, str]], phrase: str) -> None:
    moyen = kappa_moyen(codages)
    assert moyen.kappa is None and moyen.phrase.startswith(phrase)


def test_les_desaccords_se_nomment() -> None:
    assert desaccords({3: "a", 1: "b", 2: "c"}, {1: "x", 2: "c", 3: "y"}) == [(3, "a", "y"), (1, "b", "x")]


@given(CODAGES, CODAGES)
def test_bornes_et_symetrie(un: dict[int, str], autre: dict[int, str]) -> None:
    accord = kappa(un, autre)
    assert accord == kappa(autre, un)
    assert accord.kappa is None or -1 <= accord.kappa <= 1
    assert (accord.kappa is None) == (accord.cas in (Cas.RIEN_EN_COMMUN, Cas.AUCUNE_VARIATION))
    assert accord.communs - accord.pareils == len(desaccords(un, autre))
    assert accord.phrase


@given(CODAGES)
def test_un_accord_parfait_vaut_un(codage: dict[int, str]) -> None:
    assume(len(set(codage.values())) > 1)
    assert kappa(codage, codage).kappa == 1


@given(CODAGES, CODAGES)
def test_un_seulement_si_tout_est_pareil(un: dict[int, str], autre: dict[int, str]) -> None:
    accord = kappa(un, autre)
    assert (accord.kappa == 1) == (accord.pareils == accord.communs and accord.kappa is not None)


@given(CODAGES, CODAGES)
def test_renommer_les_codes_ne_change_rien(un: dict[int, str], autre: dict[int, str]) -> None:
    assert kappa({e: c[::-1] for e, c in un.items()}, {e: c[::-1] for e, c in autre.items()}) == kappa(un, autre)


@given(CODAGES, CODAGES)
def test_la_moyenne_de_deux_est_leur_kappa(un: dict[int, str], autre: dict[int, str]) -> None:
    assert kappa_moyen({"a": un, "b": autre}).kappa == kappa(un, autre).kappa


@given(st.dictionaries(st.sampled_from("abcde"), CODAGES, max_size=5))
def test_la_moyenne_est_entre_ses_paires(codages: dict[str, dict[int, str]]) -> None:
    moyen = kappa_moyen(codages)
    mesures = [accord.kappa for _, _, accord in moyen.paires if accord.kappa is not None]
    assert len(moyen.paires) == len(codages) * (len(codages) - 1) // 2
    assert moyen.kappa is None if not mesures else min(mesures) <= moyen.kappa <= max(mesures)
