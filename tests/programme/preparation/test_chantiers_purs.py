"""L'état d'un chantier et les délais : de l'arithmétique, sans base ni horloge."""

from datetime import date

import pytest

from programme.calculs.delais import Delai, delai_median, deplier, jours
from programme.chantiers import Avancee, Constat, etat_calcule
from programme.enums import EtatChantier

A, E = Avancee, EtatChantier


@pytest.mark.parametrize(
    ("avancees", "attendu"),
    [
        ((), E.A_COMMENCER),
        ((A.RIEN,), E.A_COMMENCER),
        ((A.RIEN, A.RIEN), E.A_COMMENCER),
        ((A.RIEN, A.FAITE), E.EN_COURS),
        ((A.COMMENCEE,), E.EN_COURS),
        ((A.COMMENCEE, A.RIEN), E.EN_COURS),
        ((A.FAITE, A.FAITE), E.PRET),
        ((A.FAITE, A.SANS_OBJET), E.PRET),
        ((A.RIEN, A.SANS_OBJET), E.A_COMMENCER),
        ((A.SANS_OBJET,), E.SANS_OBJET),
        ((A.SANS_OBJET, A.SANS_OBJET), E.SANS_OBJET),
    ],
)
def test_l_etat_suit_les_temoins(avancees: tuple[Avancee, ...], attendu: EtatChantier) -> None:
    assert etat_calcule(Constat("x", a) for a in avancees) == attendu


@pytest.mark.parametrize(("avancee", "manque"), [(A.RIEN, True), (A.COMMENCEE, True), (A.FAITE, False)])
def test_ce_qui_manque(avancee: Avancee, manque: bool) -> None:
    assert Constat("x", avancee).manque is manque and not Constat("x", A.SANS_OBJET).manque


def test_un_delai_se_compte_en_jours_et_n_est_jamais_negatif() -> None:
    assert jours(date(2026, 11, 3), date(2026, 11, 3)) == 0
    assert jours(date(2026, 11, 3), date(2026, 12, 1)) == 28
    assert jours(date(2026, 11, 3), date(2026, 11, 1)) == 0


@pytest.mark.parametrize(
    ("durees", "mediane"), [([], None), ([4], 4), ([1, 30], 16), ([30, 1, 2], 2), ([1, 2, 3, 4], 3)]
)
def test_la_mediane_dit_de_combien_elle_vient(durees: list[int], mediane: int | None) -> None:
    assert delai_median(durees) == Delai(mediane, len(durees))


def test_des_durees_comptees_se_deplient() -> None:
    comptes = {(date(2026, 1, 1), date(2026, 1, 3)): 2, (date(2026, 1, 1), date(2026, 1, 11)): 1}
    assert sorted(deplier(comptes)) == [2, 2, 10]
