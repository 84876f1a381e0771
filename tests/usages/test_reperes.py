"""Lire un chiffre : le sens est respecté partout, ce qui manque n'est pas zéro, l'écart est celui qui est écrit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usages.calculs import reperes
from usages.enums import Forme, Sens

TAUX = st.floats(0, 1, allow_nan=False)
NOMBRES = st.floats(0, 10_000, allow_nan=False)
JUGES = st.sampled_from([Sens.HAUSSE, Sens.BAISSE])


def test_un_rapport_sans_denominateur_n_a_pas_de_valeur() -> None:
    assert reperes.valeur_lue(Forme.RAPPORT, Decimal(3), Decimal(4)) == 0.75
    assert reperes.valeur_lue(Forme.RAPPORT, Decimal(0), Decimal(0)) is None
    assert reperes.valeur_lue(Forme.RAPPORT, Decimal(3), None) is None
    assert reperes.valeur_lue(Forme.COMPTE, None, None) is None
    assert reperes.valeur_lue(Forme.COMPTE, Decimal(0), None) == 0


@pytest.mark.parametrize(
    ("forme", "valeur", "attendu"),
    [
        (Forme.RAPPORT, 0.625, "63\u202f%"),
        (Forme.RAPPORT, 0.999, "99\u202f%"),
        (Forme.COMPTE, 41.0, "41"),
        (Forme.COMPTE, 1.25, "1,2"),
        (Forme.MONTANT, 1200.0, "1\u202f200\u00a0€"),
        (Forme.COMPTE, None, "—"),
    ],
)
def test_ce_qui_s_ecrit(forme: str, valeur: float | None, attendu: str) -> None:
    assert reperes.dire(forme, valeur) == attendu


def test_l_ecart_en_points_est_celui_de_ce_qui_est_ecrit() -> None:
    assert reperes.dire_ecart(Forme.RAPPORT, 0.62, 0.67) == "+\u202f5 points"
    assert reperes.dire_ecart(Forme.RAPPORT, 0.67, 0.66) == "−\u202f1 point"
    assert reperes.dire_ecart(Forme.RAPPORT, 0.621, 0.624) == "0"
    assert reperes.dire_ecart(Forme.COMPTE, 12, 9) == "−\u202f3"
    assert reperes.dire_ecart(Forme.COMPTE, None, 9) == "—"


@given(TAUX, TAUX)
def test_les_deux_sens_se_repondent(avant: float, apres: float) -> None:
    haut = reperes.mouvement(Forme.RAPPORT, Sens.HAUSSE, avant, apres)
    bas = reperes.mouvement(Forme.RAPPORT, Sens.BAISSE, avant, apres)
    opposes = {reperes.MIEUX: reperes.MOINS_BIEN, reperes.MOINS_BIEN: reperes.MIEUX, reperes.PAREIL: reperes.PAREIL}
    assert bas == opposes[haut]
    assert reperes.mouvement(Forme.RAPPORT, Sens.NEUTRE, avant, apres) in (reperes.AUTRE, reperes.PAREIL)


@given(st.sampled_from(list(reperes.SE_LISENT)), NOMBRES, NOMBRES)
def test_un_indicateur_neutre_ne_se_juge_jamais(forme: str, valeur: float, cible: float) -> None:
    assert reperes.palier(forme, Sens.NEUTRE, valeur, cible) == 0
    assert reperes.juger(forme, Sens.NEUTRE, valeur, cible, cible).tenu is None
    assert not reperes.juger(forme, Sens.NEUTRE, valeur, cible, cible).alerte


@given(JUGES, NOMBRES, NOMBRES, NOMBRES)
def test_mieux_n_est_jamais_plus_clair(sens: str, une: float, autre: float, cible: float) -> None:
    bas, haut = sorted((une, autre))
    mieux, moins = (haut, bas) if sens == Sens.HAUSSE else (bas, haut)
    for forme in (Forme.COMPTE, Forme.RAPPORT):
        assert reperes.palier(forme, sens, mieux, cible) >= reperes.palier(forme, sens, moins, cible)


@given(JUGES, NOMBRES, NOMBRES)
def test_le_palier_4_est_la_cible_tenue_et_rien_d_autre(sens: str, valeur: float, cible: float) -> None:
    tenue = reperes.est_atteinte(sens, valeur, cible)
    assert (reperes.palier(Forme.COMPTE, sens, valeur, cible) == 4) == tenue
    assert reperes.juger(Forme.COMPTE, sens, valeur, cible).tenu == tenue


def test_sans_cible_seul_un_rapport_a_une_teinte() -> None:
    assert [reperes.palier(Forme.RAPPORT, Sens.HAUSSE, v) for v in (0.1, 0.25, 0.5, 0.75)] == [1, 2, 3, 4]
    assert [reperes.palier(Forme.RAPPORT, Sens.BAISSE, v) for v in (0.1, 0.25, 0.5, 0.9)] == [4, 4, 3, 1]
    assert reperes.palier(Forme.COMPTE, Sens.HAUSSE, 12) == 0
    assert reperes.palier(Forme.RAPPORT, Sens.HAUSSE, None) == 0


def test_le_seuil_se_franchit_du_mauvais_cote() -> None:
    assert reperes.juger(Forme.RAPPORT, Sens.HAUSSE, 0.2, 0.8, 0.4).mot == "sous le seuil d’alerte"
    assert reperes.juger(Forme.COMPTE, Sens.BAISSE, 9, 2, 5).mot == "au-dessus du seuil d’alerte"
    assert reperes.juger(Forme.RAPPORT, Sens.HAUSSE, 0.6, 0.8, 0.4).mot == "à\u00a020 points de la cible"
    assert reperes.juger(Forme.RAPPORT, Sens.HAUSSE, 0.7999, 0.8).mot == "tout près de la cible"
    assert reperes.juger(Forme.RAPPORT, Sens.HAUSSE, 0.8, None).tenu is None


def test_ce_qui_manque_se_compte_en_unites() -> None:
    def manque(*args: object) -> int | None:
        return reperes.manque(*args[:2], *(Decimal(str(a)) for a in args[2:]))  # type: ignore[arg-type]

    assert manque(Forme.RAPPORT, Sens.HAUSSE, 30, 40, "0.8") == 2
    assert manque(Forme.RAPPORT, Sens.HAUSSE, 30, 41, "0.8") == 3
    assert manque(Forme.RAPPORT, Sens.HAUSSE, 32, 40, "0.8") == 0
    assert manque(Forme.RAPPORT, Sens.HAUSSE, 0, 0, "0.8") is None
    assert manque(Forme.COMPTE, Sens.BAISSE, 9, 0, 2) == 7
    assert manque(Forme.COMPTE, Sens.NEUTRE, 9, 0, 2) is None


@given(JUGES, st.integers(0, 500), st.integers(1, 500), st.integers(0, 100))
def test_gagner_ce_qui_manque_suffit_et_un_de_moins_non(sens: str, num: int, sur: int, pour_cent: int) -> None:
    cible = Decimal(pour_cent) / 100
    reste = reperes.manque(Forme.RAPPORT, sens, Decimal(num), Decimal(sur), cible)
    assert reste is not None and reste >= 0
    pas = 1 if sens == Sens.HAUSSE else -1
    assert reperes.est_atteinte(sens, (num + pas * reste) / sur, float(cible))
    if reste:
        assert not reperes.est_atteinte(sens, (num + pas * (reste - 1)) / sur, float(cible))
