"""Dix comptes au moins, et rien à déduire par différence avec le total."""

from hypothesis import given
from hypothesis import strategies as st

from usages.calculs.horaires import SEUIL, a_montrer

CASES = st.dictionaries(
    st.tuples(st.sampled_from(["matin", "apres_midi", "nuit"]), st.sampled_from(["", "sur_place", "a_distance"])),
    st.sets(st.integers(0, 40).map(str), min_size=1),
)


@given(CASES)
def test_ce_qui_se_tait_reunit_dix_comptes_ou_ne_contient_rien(cases: dict[tuple[str, str], set[str]]) -> None:
    montrees = a_montrer(cases)
    assert all(len(cases[cle]) >= SEUIL for cle in montrees)
    tus: set[str] = set().union(*(comptes for cle, comptes in cases.items() if cle not in montrees))
    assert not montrees or not tus or len(tus) >= SEUIL


def test_la_veilleuse_de_nuit_ne_se_deduit_pas() -> None:
    jour = {f"a{n}" for n in range(20)}
    soir = {f"a{n}" for n in range(12)}
    assert a_montrer({"matin": jour, "apres_midi": soir, "nuit": {"veilleuse"}}) == ["matin"]
    assert a_montrer({"matin": jour, "nuit": {"veilleuse"}}) == []
    assert a_montrer({"matin": jour, "apres_midi": soir}) == ["matin", "apres_midi"]
