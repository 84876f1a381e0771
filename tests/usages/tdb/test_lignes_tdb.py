"""Les colonnes de l'export national : par intitulé et rang, ou par position ; lues en flux."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.socle.classeur import Cellule, cellule_csv
from tests.usages.tdb.aides_tdb import DOSSIERS, EFFECTIF, EFFECTIF_2, FILE, FINESS, PROJETS, intitules
from usages.calculs.lignes_tdb import CONNUES, designer, lire_lignes, nommer, proposer, reperes, trouver


def test_l_en_tete_reel_se_relie_seul_doublons_compris() -> None:
    entetes = intitules()
    assert len(entetes) == 331
    assert proposer(entetes, CONNUES, {}) == {
        "finess": FINESS,
        "file-active:compte": FILE,
        "effectif-31-decembre:compte": EFFECTIF,
        "tdb-dossiers-administratifs:compte": DOSSIERS,
        "tdb-dossiers-administratifs:sur": EFFECTIF,
        "tdb-projets-personnalises:compte": PROJETS,
        "tdb-projets-personnalises:sur": EFFECTIF_2,
        "budget-si-exploitation:compte": 294,
        "budget-si-investissement:compte": 295,
    }


ENTETES = st.lists(st.sampled_from(["Effectif", "effectif", "Taux d'ETP", "", "  ", "Année"]), min_size=1, max_size=30)


@given(ENTETES)
def test_chaque_colonne_a_son_repere_et_son_nom(entetes: list[str]) -> None:
    connus = reperes(entetes)
    assert len(set(connus)) == len(entetes)
    for rang, repere in enumerate(connus):
        assert trouver(entetes, repere) == rang
        assert designer(entetes, nommer(entetes, rang)) == rang
        assert designer(entetes, str(rang + 1)) == rang


@given(ENTETES, st.integers(0, 29))
def test_une_colonne_de_plus_devant_ne_deplace_pas_ce_qui_est_relie(entetes: list[str], ou: int) -> None:
    plus_large = [*entetes[:ou], "Une colonne nouvelle", *entetes[ou:]]
    for rang, repere in enumerate(reperes(entetes)):
        if not repere.startswith("@"):
            trouve = trouver(plus_large, repere)
            assert trouve == (rang if rang < ou else rang + 1)


def test_un_repere_inconnu_ou_tordu_ne_designe_rien() -> None:
    assert [trouver(["A"], r) for r in ("b#1", "a#2", "n'importe quoi", "@1")] == [None] * 4
    for ecrit in ("0", "2", "Effectif", "-1"):
        with pytest.raises(ValueError, match="."):
            designer(["A"], ecrit)


def test_ce_qu_on_a_dit_de_ne_pas_reprendre_ne_se_redevine_pas() -> None:
    assert "file-active:compte" not in proposer(intitules(), CONNUES, {"file-active:compte": ""})


def test_la_lecture_ne_tient_qu_une_ligne_a_la_fois() -> None:
    lues: list[int] = []

    def rangees() -> Iterator[tuple[int, list[Cellule]]]:
        for numero in range(2, 1_000):
            lues.append(numero)
            yield numero, [cellule_csv(numero, 1, "330000001"), cellule_csv(numero, 2, "4")]

    lignes = lire_lignes(rangees(), {"finess": 0, "a:compte": 1})
    next(lignes)
    assert lues == [2]
