"""L'arithmétique des besoins en places : jamais plus qu'il n'y a, jamais deux fois la même place."""

from hypothesis import given
from hypothesis import strategies as st

from formation.calculs.besoins import (
    Compte,
    Offre,
    Tenu,
    Vise,
    compter,
    heures_d_animation,
    manque_en_tout,
    offertes_en_tout,
    repartir,
    sessions_a_prevoir,
)

ESMS = st.sampled_from(["a", "b", "c", "d"])
A_PLACER = st.dictionaries(ESMS, st.integers(0, 60), min_size=1)
OFFRES = st.lists(st.builds(Offre, st.none() | ESMS, st.integers(0, 30)), max_size=8)
CLES = st.integers(1, 6)
POSTES = st.lists(st.builds(Tenu, CLES, CLES, CLES), max_size=30)
PERSONNES = st.frozensets(CLES)


@given(A_PLACER, OFFRES)
def test_le_total_offert_ne_depasse_jamais_les_places_libres(a_placer, offres) -> None:
    parts = repartir(a_placer, offres)
    assert sum(p.offertes for p in parts.values()) <= offertes_en_tout(offres) == sum(o.libres for o in offres)
    communes = sum(o.libres for o in offres if o.pour is None)
    assert sum(p.partagees for p in parts.values()) <= communes


@given(A_PLACER, OFFRES)
def test_rien_ne_manque_a_qui_a_assez_et_aucune_place_commune_ne_dort_tant_qu_il_manque(a_placer, offres) -> None:
    parts = repartir(a_placer, offres)
    for cle, part in parts.items():
        assert part.manque == max(0, a_placer[cle] - part.offertes)
        assert part.partagees <= max(0, a_placer[cle] - part.propres)
    communes = sum(o.libres for o in offres if o.pour is None)
    if any(p.manque for p in parts.values()):
        assert sum(p.partagees for p in parts.values()) == communes


@given(A_PLACER, OFFRES, st.integers(0, 20))
def test_une_session_de_grappe_de_plus_n_ajoute_jamais_de_manque(a_placer, offres, places) -> None:
    avant = manque_en_tout(repartir(a_placer, offres).values(), 0)
    apres = manque_en_tout(repartir(a_placer, [*offres, Offre(None, places)]).values(), 0)
    assert max(0, avant - places) == apres


@given(POSTES, PERSONNES, PERSONNES, st.frozensets(CLES), st.frozensets(CLES))
def test_le_besoin_se_tient_entre_zero_et_les_personnes_concernees(
    postes, formees, inscrites, publics, ecartes
) -> None:
    besoins, tous = compter(postes, Vise(1, publics, ecartes), formees, inscrites)
    assert not ecartes & besoins.keys()
    for besoin in besoins.values():
        for compte in (besoin.ensemble, *besoin.par_metier.values()):
            assert 0 <= compte.inscrits <= compte.reste <= compte.concernes
            assert compte.a_placer >= 0
        assert besoin.ensemble.reste <= sum(c.reste for c in besoin.par_metier.values())
    assert tous.reste <= sum(b.ensemble.reste for b in besoins.values())
    assert all(b.ensemble.reste <= tous.reste for b in besoins.values())


@given(POSTES, PERSONNES, PERSONNES, CLES)
def test_un_acquis_de_plus_n_ajoute_jamais_de_besoin(postes, formees, inscrites, personne) -> None:
    _, avant = compter(postes, Vise(1), formees, inscrites)
    _, apres = compter(postes, Vise(1), formees | {personne}, inscrites)
    assert avant.reste - 1 <= apres.reste <= avant.reste


def test_deux_esms_et_deux_metiers_comptes_a_la_main() -> None:
    postes = [Tenu(1, 10, 5), Tenu(1, 20, 5), Tenu(2, 10, 5), Tenu(2, 10, 6), Tenu(3, 20, 7), Tenu(4, 30, 5)]
    besoins, tous = compter(postes, Vise(1, frozenset({5, 6}), frozenset({30})), formees={1}, inscrites={2})
    assert besoins[10].ensemble == Compte(2, 1, 1) and besoins[20].ensemble == Compte(1, 0, 0)
    assert besoins[10].par_metier == {5: Compte(2, 1, 1), 6: Compte(1, 1, 1)}
    assert 30 not in besoins and tous == Compte(2, 1, 1)


def test_les_places_de_la_grappe_se_partagent_a_proportion() -> None:
    offres = [Offre(None, 8), Offre("a", 3), Offre("ailleurs", 50)]
    parts = repartir({"a": 9, "b": 6, "c": 0}, offres)
    assert (parts["a"].propres, parts["a"].partagees, parts["a"].manque) == (3, 4, 2)
    assert (parts["b"].partagees, parts["b"].manque) == (4, 2)
    assert parts["c"].offertes == parts["c"].manque == 0
    assert repartir({}, offres) == {}


def test_sessions_et_temps_de_formateur() -> None:
    assert [sessions_a_prevoir(n, 10) for n in (0, 1, 10, 11)] == [0, 1, 1, 2]
    assert heures_d_animation(3, 90) == 4.5
    assert manque_en_tout([], 3) == 0
