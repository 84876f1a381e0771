"""L'arithmétique de l'équipement : rapports, manques, cumuls."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.calculs.equipement import Dit, cumuler, manquants, par_simultane
from programme.calculs.temps import resumer
from programme.enums import TempsEcriture

EFFECTIF = st.integers(0, 500)
DITS = st.lists(st.builds(Dit, st.none() | EFFECTIF, st.none() | EFFECTIF, st.none() | EFFECTIF), max_size=12)


@pytest.mark.parametrize(
    ("postes", "simultanes", "attendu"),
    [(6, 5, "1.20"), (3, 6, "0.50"), (1, 3, "0.33"), (0, 4, "0.00"), (4, 0, None), (None, 4, None), (4, None, None)],
)
def test_postes_par_utilisateur_simultane(postes: int | None, simultanes: int | None, attendu: str | None) -> None:
    assert par_simultane(postes, simultanes) == (Decimal(attendu) if attendu else None)


@given(EFFECTIF, EFFECTIF)
def test_ce_qui_manque_suffit_et_ne_deborde_pas(postes: int, simultanes: int) -> None:
    manque = manquants(postes, simultanes)
    assert postes + manque >= simultanes
    assert manque == 0 or postes + manque == simultanes


@given(DITS)
def test_le_rapport_d_un_ensemble_est_entre_les_extremes(dits: list[Dit]) -> None:
    cumul = cumuler(dits)
    parts = [Decimal(d.postes) / d.simultanes for d in dits if d.postes is not None and d.simultanes]
    sans_personne = any(d.postes and d.simultanes == 0 for d in dits)
    if parts and not sans_personne:
        assert cumul.rapport is not None
        assert min(parts) - Decimal("0.01") <= cumul.rapport <= max(parts) + Decimal("0.01")


@given(DITS)
def test_qui_ne_dit_rien_ne_change_pas_le_rapport(dits: list[Dit]) -> None:
    seul, avec_silences = cumuler(dits), cumuler([*dits, Dit(None, 30), Dit(30, None)])
    assert (seul.rapport, seul.nb_dits, seul.manquants) == (
        avec_silences.rapport,
        avec_silences.nb_dits,
        avec_silences.manquants,
    )


@given(DITS)
def test_les_manques_ne_se_compensent_pas_d_un_esms_a_l_autre(dits: list[Dit]) -> None:
    assert cumuler(dits).manquants == sum(manquants(d.postes, d.simultanes) for d in dits)


@given(st.lists(st.sampled_from(TempsEcriture.values), max_size=6))
def test_un_refus_se_voit_d_abord(decisions: list[str]) -> None:
    resume = resumer(decisions)
    assert (resume == TempsEcriture.REFUSE) == (TempsEcriture.REFUSE in decisions)
    if resume == TempsEcriture.DECIDE:
        assert set(decisions) == {TempsEcriture.DECIDE}
    assert resumer(list(reversed(decisions))) == resume
