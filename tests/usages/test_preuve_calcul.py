"""La preuve d'usage, sans base : des sommes, jamais des taux moyens ; une cible se juge dans son sens."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from usages.calculs.preuve import ATTEINTE, PAS_ENCORE, SANS_CHIFFRE, SANS_CIBLE, Ligne, totaliser, verdict

nombres = st.integers(0, 500).map(Decimal)
lignes = st.one_of(
    st.builds(lambda n, d: Ligne("E", "1", "2026-10", n, d), nombres, nombres),
    st.just(Ligne("E", "1")),
    st.builds(lambda m: Ligne("E", "1", "2026-10", motif=m), st.sampled_from(["non_mesurable", "non_concerne"])),
)


@given(st.lists(lignes, max_size=12))
def test_le_total_est_la_somme_des_reponses(prises: list[Ligne]) -> None:
    total = totaliser(prises)
    dites = [x for x in prises if x.numerateur is not None]
    assert total.numerateur == sum(x.numerateur or 0 for x in dites)
    assert (total.denominateur or 0) == sum(x.denominateur or 0 for x in dites)
    assert total.nb_repondants == len(dites)
    assert total.nb_concernes == len(prises) - sum(x.motif == "non_concerne" for x in prises)


@given(st.lists(lignes, max_size=12), nombres)
def test_un_chiffre_qui_manque_ne_compte_pour_rien(prises: list[Ligne], _: Decimal) -> None:
    avec = totaliser([*prises, Ligne("Muet", "2"), Ligne("Sans", "3", motif="non_mesurable")])
    assert (avec.numerateur, avec.denominateur) == (totaliser(prises).numerateur, totaliser(prises).denominateur)


@given(nombres, st.integers(1, 500).map(Decimal), st.integers(0, 100).map(lambda n: Decimal(n) / 100))
def test_le_verdict_suit_le_sens_et_la_borne_compte(num: Decimal, sur: Decimal, cible: Decimal) -> None:
    total = totaliser([Ligne("E", "1", "2026-10", num, sur)])
    haut, bas = verdict("rapport", "hausse", total, cible), verdict("rapport", "baisse", total, cible)
    assert haut == (ATTEINTE if num / sur >= cible else PAS_ENCORE)
    assert bas == (ATTEINTE if num / sur <= cible else PAS_ENCORE)


def test_sans_chiffre_ni_cible() -> None:
    rien, un = totaliser([Ligne("E", "1")]), totaliser([Ligne("E", "1", "2026-10", Decimal(3))])
    assert verdict("compte", "hausse", rien, Decimal(1)) == SANS_CHIFFRE
    assert verdict("compte", "hausse", un, None) == SANS_CIBLE
    assert verdict("rapport", "hausse", un, Decimal(1)) == SANS_CHIFFRE, "sans dénominateur, pas de taux"
