"""Aucun petit groupe ne se lit, ni droit, ni par différence."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from programme.calculs.masquage import SEUIL, masquer, masquer_couples, masquer_total

GROUPES = st.dictionaries(st.integers(0, 12), st.integers(0, 12), max_size=8)
COUPLES = st.dictionaries(
    st.integers(0, 12), st.integers(0, 12).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), max_size=8
)


def _valeurs_possibles(nombre: int, somme: int) -> int:
    """Combien de valeurs un masqué peut prendre, quand on sait la somme des masqués et qu'aucun n'est nul."""
    return 1 if nombre == 1 else somme - nombre + 1


@given(GROUPES)
def test_aucun_petit_groupe_ne_se_lit(groupes: Mapping[int, int]) -> None:
    montres = masquer(groupes)
    assert montres.keys() == groupes.keys()
    assert not [n for n in montres.values() if n is not None and 0 < n < SEUIL]
    assert all(montres[cle] in (None, n) for cle, n in groupes.items())


@given(GROUPES)
def test_zero_se_montre(groupes: Mapping[int, int]) -> None:
    assert all(masquer(groupes)[cle] == 0 for cle, n in groupes.items() if n == 0)


@given(GROUPES)
def test_jamais_un_seul_masque_sauf_s_il_est_seul(groupes: Mapping[int, int]) -> None:
    masques = [cle for cle, n in masquer(groupes).items() if n is None]
    non_nuls = [n for n in groupes.values() if n]
    assert len(masques) != 1 or len(non_nuls) == 1


@given(GROUPES)
def test_rien_ne_se_retrouve_par_difference(groupes: Mapping[int, int]) -> None:
    """Le total montré moins les groupes montrés laisse toujours au moins deux réponses."""
    montres, total = masquer(groupes), masquer_total(groupes)
    masques = [cle for cle, n in montres.items() if n is None]
    if total is None or not masques:
        return
    reste = total - sum(n for n in montres.values() if n is not None)
    assert _valeurs_possibles(len(masques), reste) > 1


@given(GROUPES)
def test_rien_de_petit_rien_de_masque(groupes: Mapping[int, int]) -> None:
    grands = {cle: n + SEUIL for cle, n in groupes.items()}
    assert masquer(grands) == grands
    assert masquer_total(grands) == sum(grands.values())


@given(COUPLES)
def test_les_couples_se_taisent_ensemble(groupes: Mapping[int, tuple[int, int]]) -> None:
    """En poste et formés se taisent ensemble, pour les mêmes groupes que les effectifs seuls."""
    effectifs = masquer({cle: en_poste for cle, (en_poste, _) in groupes.items()})
    for cle, couple in masquer_couples(groupes).items():
        assert couple == ((None, None) if effectifs[cle] is None else groupes[cle])


def test_des_exemples() -> None:
    assert masquer({"a": 3, "b": 12, "c": 7, "d": 0}) == {"a": None, "b": 12, "c": None, "d": 0}
    assert masquer({"a": 3, "b": 2, "c": 7}) == {"a": None, "b": None, "c": 7}
    # Deux masqués qui font deux : une personne chacun ; il en faut un troisième.
    assert masquer({"a": 1, "b": 1, "c": 9, "d": 20}) == {"a": None, "b": None, "c": None, "d": 20}
    assert masquer({"a": 2}) == {"a": None}
    assert masquer_total({"a": 2, "b": 1}) is None
    assert masquer_total({"a": 1, "b": 1, "c": 1, "d": 1, "e": 1}) is None
    assert masquer_couples({"a": (3, 1), "b": (8, 2)}) == {"a": (None, None), "b": (None, None)}
