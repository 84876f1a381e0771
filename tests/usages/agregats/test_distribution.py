"""La médiane et le P90 lus des tranches : le vrai est dans la tranche dite, et additionner des ESMS n'y change rien."""

from collections import Counter
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usages.calculs.distribution import MEDIANE, P90, Quantile, borne, quantile

BORNES = (1, 3, 7, 14, 30, 60, 90, 180, 365)
CLES = [f"j{b:03d}" for b in BORNES] + ["au_dela"]
DUREES = st.lists(st.integers(0, 500), min_size=1, max_size=60)


def en_tranches(durees: list[int]) -> Counter[str]:
    parts = Counter(dict.fromkeys(CLES, 0))
    for duree in durees:
        parts[next((f"j{b:03d}" for b in BORNES if duree <= b), "au_dela")] += 1
    return parts


@given(DUREES, st.sampled_from([MEDIANE, P90, 0.0, 1.0]))
def test_le_vrai_quantile_est_dans_la_tranche_dite(durees: list[int], q: float) -> None:
    vrai = sorted(durees)[max(ceil(q * len(durees)), 1) - 1]
    lu = quantile(en_tranches(durees), q)
    assert lu is not None
    assert lu.du <= vrai and (lu.au is None or vrai <= lu.au)
    assert lu.estime is None if lu.au is None else lu.du <= lu.estime <= lu.au


@given(st.lists(DUREES, min_size=1, max_size=6))
def test_additionner_les_tranches_vaut_meler_les_cas(par_esms: list[list[int]]) -> None:
    ensemble: Counter[str] = Counter()
    for durees in par_esms:
        ensemble.update(en_tranches(durees))
    assert quantile(ensemble, MEDIANE) == quantile(en_tranches(sum(par_esms, [])), MEDIANE)


@given(DUREES)
def test_la_mediane_ne_depasse_pas_le_p90(durees: list[int]) -> None:
    mediane, p90 = (quantile(en_tranches(durees), q) for q in (MEDIANE, P90))
    assert mediane is not None and p90 is not None and mediane.du <= p90.du


def test_des_exemples() -> None:
    assert quantile({}, MEDIANE) is None
    assert quantile({"j007": 0, "au_dela": 0}, MEDIANE) is None
    assert quantile({"j007": 0, "j014": 4, "au_dela": 0, "": 4}, MEDIANE) == Quantile(8, 14, 10)
    assert quantile({"j365": 1, "au_dela": 9}, P90) == Quantile(366, None, None)
    phrases = {q.texte for q in (Quantile(8, 14, 10), Quantile(366, None, None), Quantile(0, 1, 1))}
    assert phrases == {"de 8 à 14 jours", "plus de 365 jours", "un jour au plus"}


def test_une_cle_inconnue_se_dit() -> None:
    with pytest.raises(ValueError, match="« infirmiers » n'est pas une tranche de jours"):
        borne("infirmiers")
