"""Ce que voit une règle d'alerte : arithmétique pure."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usages.calculs.periodes import Periode
from usages.calculs.surveillance import (
    JAMAIS_UN_BESOIN,
    PAS_DE_NOMBRE,
    PAS_DE_SENS,
    Point,
    Surveille,
    Vise,
    examiner,
    pourquoi_pas,
    valeur_de,
)
from usages.enums import NatureSurveillance, Sens

pytestmark = pytest.mark.une_base

N = NatureSurveillance
AU = date(2026, 11, 30)
D = Decimal
VALEURS = st.lists(st.integers(0, 200).map(Decimal), max_size=24)
SENS = st.sampled_from([Sens.HAUSSE, Sens.BAISSE])
PARTS = st.sampled_from([D("0.1"), D("0.3"), D("0.5")])


def points(*valeurs: int | str | Decimal) -> list[Point]:
    """Un point par mois, le dernier en octobre 2026."""
    mois = Periode.lire("2026-10").dernieres(len(valeurs))
    return [Point(m.debut, m.fin, D(v)) for m, v in zip(mois, valeurs, strict=True)]


def surveille(nature: str, **champs: object) -> Surveille:
    return Surveille(nature, **({"sens": Sens.HAUSSE} | champs))  # type: ignore[arg-type]


# --- le seuil ------------------------------------------------------------------------------------------------------


def test_le_seuil_se_franchit_du_mauvais_cote() -> None:
    regle = surveille(N.SEUIL, seuil=D("0.6"))
    vu = examiner(points("0.7", "0.59"), regle, AU)
    assert vu and (vu.dernier.valeur, vu.repere) == (D("0.59"), D("0.6"))
    assert examiner(points("0.59", "0.6"), regle, AU) is None, "au seuil, la promesse est tenue"
    a_la_baisse = surveille(N.SEUIL, sens=Sens.BAISSE, seuil=D(10))
    assert examiner(points(11), a_la_baisse, AU) and not examiner(points(10), a_la_baisse, AU)


def test_sans_seuil_ni_sens_il_n_y_a_pas_d_alerte() -> None:
    assert examiner(points(0), surveille(N.SEUIL), AU) is None
    assert examiner(points(0), surveille(N.SEUIL, sens=Sens.NEUTRE, seuil=D(10)), AU) is None


# --- la chute ------------------------------------------------------------------------------------------------------


def test_une_chute_se_compte_sur_n_releves() -> None:
    regle = surveille(N.CHUTE, part=D("0.3"), releves=2)
    vu = examiner(points(100, 85, 70), regle, AU)
    assert vu and (vu.repere, vu.dernier.valeur) == (D(100), D(70))
    assert examiner(points(100, 71), regle, AU) is None, "un seul relevé depuis"
    assert examiner(points(100, 90, 71), regle, AU) is None


def test_rester_bas_c_est_la_meme_chute_jusqu_a_ce_qu_on_remonte() -> None:
    regle = surveille(N.CHUTE, part=D("0.3"), releves=2)
    assert examiner(points(100, 85, 60, 60, 60, 60, 62), regle, AU)
    assert examiner(points(100, 85, 60, 60, 60, 60, 71), regle, AU) is None


def test_une_hausse_est_la_chute_de_qui_vise_le_bas() -> None:
    regle = surveille(N.CHUTE, sens=Sens.BAISSE, part=D("0.5"), releves=1)
    assert examiner(points(10, 20), regle, AU) and not examiner(points(10, 19), regle, AU)


@given(VALEURS, PARTS, st.integers(1, 4))
def test_qui_ne_baisse_jamais_ne_chute_jamais(valeurs: list[Decimal], part: Decimal, releves: int) -> None:
    assert examiner(points(*sorted(valeurs)), surveille(N.CHUTE, part=part, releves=releves), AU) is None


@given(VALEURS, PARTS, st.integers(1, 4), st.integers(1, 9), SENS)
def test_l_echelle_n_y_change_rien(valeurs: list[Decimal], part: Decimal, releves: int, fois: int, sens: str) -> None:
    regle = surveille(N.CHUTE, part=part, releves=releves, sens=sens)
    ici = examiner(points(*valeurs), regle, AU)
    la = examiner(points(*(v * fois for v in valeurs)), regle, AU)
    assert (ici is None) == (la is None)
    if ici and la:
        assert la.repere == ici.repere * fois


@given(VALEURS, PARTS, st.integers(1, 4))
def test_une_chute_vue_est_vraie(valeurs: list[Decimal], part: Decimal, releves: int) -> None:
    vu = examiner(points(*valeurs), surveille(N.CHUTE, part=part, releves=releves), AU)
    if vu:
        assert vu.dernier.valeur <= (1 - part) * vu.repere and vu.repere in valeurs[:-1]


@given(VALEURS.filter(lambda v: len(v) > 1), PARTS, PARTS)
def test_une_regle_qui_demande_moins_voit_plus(valeurs: list[Decimal], a: Decimal, b: Decimal) -> None:
    # Sur tous les relevés lus : une seule chute est possible, la dernière.
    releves, grande, petite = len(valeurs) - 1, max(a, b), min(a, b)
    if examiner(points(*valeurs), surveille(N.CHUTE, part=grande, releves=releves), AU):
        assert examiner(points(*valeurs), surveille(N.CHUTE, part=petite, releves=releves), AU)


# --- la cible ------------------------------------------------------------------------------------------------------


def _visee(echeance: date, **champs: object) -> Surveille:
    return surveille(N.CIBLE, vise=Vise(D("0.8"), echeance), **champs)


def test_une_cible_se_manque_au_releve_de_son_echeance() -> None:
    regle = _visee(date(2026, 9, 30))
    assert examiner(points("0.9", "0.7"), regle, AU) is None, "octobre est après : septembre l'a atteinte"
    assert examiner(points("0.7", "0.75"), regle, AU)
    assert examiner(points("0.7", "0.8"), regle, AU) is None, "atteinte depuis"


def test_une_cible_a_venir_ou_sans_releve_de_l_echeance_n_est_pas_manquee() -> None:
    assert examiner(points("0.1", "0.1"), _visee(AU), AU) is None
    # Le relevé de l'échéance n'est pas venu : on ne sait pas.
    assert examiner(points("0.1", "0.1")[:1], _visee(date(2026, 10, 31)), AU) is None
    assert examiner(points("0.1"), _visee(date(2026, 9, 30)), AU) is None


@given(VALEURS)
def test_toujours_au_dessus_rien_n_est_manque(valeurs: list[Decimal]) -> None:
    hautes = [v + 1 for v in valeurs]
    assert examiner(points(*hautes), surveille(N.CIBLE, vise=Vise(D(1), date(2026, 8, 31))), AU) is None


# --- la routine, le silence ----------------------------------------------------------------------------------------


def test_la_routine_se_fragilise_par_le_seuil_ou_par_la_chute_et_en_routine_seulement() -> None:
    regle = surveille(N.ROUTINE, seuil=D(50), part=D("0.3"), releves=1)
    vu = examiner(points(100, 40), regle, AU, en_routine=True)
    assert vu and vu.nature == N.SEUIL
    vu = examiner(points(100, 60), regle, AU, en_routine=True)
    assert vu and vu.nature == N.CHUTE
    assert examiner(points(100, 40), regle, AU) is None


@given(st.sampled_from(list(N)), SENS, st.booleans())
def test_un_silence_n_est_jamais_une_alerte(nature: str, sens: str, en_routine: bool) -> None:
    regle = Surveille(nature, sens, seuil=D(10), vise=Vise(D(10), date(2026, 1, 31)))
    assert examiner([], regle, AU, en_routine=en_routine) is None


# --- ce qui ne se surveille pas ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "calcul", "forme", "sens", "motif"),
    [
        ("tickets-crees", "", "compte", "baisse", JAMAIS_UN_BESOIN),
        ("assistance", "tickets_bloquants", "compte", "baisse", JAMAIS_UN_BESOIN),
        ("nombre-de-retours", "", "compte", "hausse", JAMAIS_UN_BESOIN),
        ("incidents", "", "rapport", "baisse", JAMAIS_UN_BESOIN),
        ("profils", "", "repartition", "hausse", PAS_DE_NOMBRE),
        ("delai", "", "duree", "baisse", PAS_DE_NOMBRE),
        ("effectif", "", "compte", "neutre", PAS_DE_SENS),
        ("projets-a-jour", "", "rapport", "hausse", ""),
        ("comptes-actifs", "comptes_actifs", "rapport", "hausse", ""),
    ],
)
def test_ce_qui_ne_donne_jamais_l_alerte(code: str, calcul: str, forme: str, sens: str, motif: str) -> None:
    assert pourquoi_pas(code=code, calcul=calcul, forme=forme, sens=sens) == motif


def test_un_chiffre_absent_ou_sans_denominateur_n_est_pas_un_zero() -> None:
    assert valeur_de("rapport", D(0), D(40)) == 0
    assert valeur_de("rapport", D(3), D(0)) is None
    assert valeur_de("rapport", D(3), None) is None
    assert valeur_de("compte", None, None) is None
    assert valeur_de("compte", D(3), None) == 3
    assert valeur_de("texte", D(3), None) is None
