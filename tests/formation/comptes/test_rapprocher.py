"""Rapprocher et comparer : le module pur, et ses propriétés."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formation.calculs.comptes import Compte, Personne, Signale, ecarts, rapprocher
from formation.enums import EcartCompte as E

ALPHA, BETA = Personne(1, "M1", "alpha exemple"), Personne(2, "M2", "beta exemple")


def a_qui(*signales: Signale, personnes: Any = (ALPHA, BETA)) -> list[int | None]:
    return [rapprocher(signales, personnes)[s.identifiant] for s in signales]


def test_par_le_matricule_puis_par_le_nom_exact() -> None:
    assert a_qui(Signale("a", "M2"), Signale("b", nom="alpha exemple")) == [2, 1]
    # Le matricule passe avant le nom ; inconnu, il ne se rattrape pas par lui.
    assert a_qui(Signale("a", "M2", "alpha exemple"), Signale("b", "M9", "alpha exemple")) == [2, None]
    assert a_qui(Signale("a", nom="alpha"), Signale("b")) == [None, None]


def test_un_homonyme_et_un_compte_partage_se_laissent_a_la_main() -> None:
    deux = (ALPHA, Personne(3, "M3", "alpha exemple"))
    assert a_qui(Signale("a", nom="alpha exemple"), Signale("b", "M3"), personnes=deux) == [None, 3]
    assert a_qui(Signale("a", "M1", est_partage=True)) == [None]
    # Ni matricule ni nom : une personne pseudonymisée n'attire pas les comptes sans nom.
    assert a_qui(Signale("a"), personnes=(Personne(4),)) == [None]


def test_chaque_ecart() -> None:
    personnes = [
        Personne(1, profils=frozenset({10})),
        Personne(2),
        Personne(3, attendue=False, presente=False),
        Personne(4, attendue=False, presente=True),
    ]
    comptes = [
        Compte(101, 1, profil=11),
        Compte(103, 3),
        Compte(104, 4),
        Compte(105, None),
        Compte(106, None, est_partage=True),
        Compte(107, None, est_actif=False),
        Compte(108, 3, est_actif=False),
    ]
    lus = ecarts(comptes, personnes)
    assert lus[E.PROFIL] == (101,)
    assert lus[E.SORTI_ACTIF] == (103,)
    assert lus[E.EN_TROP] == (105,)
    assert lus[E.PARTAGE] == (106,)
    assert lus[E.MANQUANT] == (2,)
    assert lus.nombres[E.MANQUANT] == 1


def test_le_profil_ne_se_juge_que_connu_des_deux_cotes() -> None:
    deux_postes = Personne(1, profils=frozenset({10, 11}))
    assert ecarts([Compte(101, 1, profil=11)], [deux_postes])[E.PROFIL] == ()
    assert ecarts([Compte(101, 1, profil=None)], [deux_postes])[E.PROFIL] == ()
    assert ecarts([Compte(101, 1, profil=12)], [Personne(1)])[E.PROFIL] == ()


# La machine est partagée : le premier tirage peut tarder.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
CLES = st.integers(1, 8)
PERSONNES = st.lists(
    st.builds(
        lambda cle, attendue, presente, profils: Personne(cle, "", "", attendue and presente, presente, profils),
        CLES,
        st.booleans(),
        st.booleans(),
        st.frozensets(st.integers(1, 3), max_size=2),
    ),
    unique_by=lambda p: p.cle,
    max_size=8,
)
COMPTES = st.lists(
    st.builds(
        lambda cle, personne, actif, partage, profil: Compte(
            cle, None if partage else personne, actif, partage, profil
        ),
        st.integers(100, 130),
        st.none() | CLES,
        st.booleans(),
        st.booleans(),
        st.none() | st.integers(1, 3),
    ),
    unique_by=lambda c: c.cle,
    max_size=12,
)


@PATIENT
@given(COMPTES, PERSONNES)
def test_un_compte_n_a_qu_un_ecart_et_un_inactif_aucun(comptes: list[Compte], personnes: list[Personne]) -> None:
    lus = ecarts(comptes, personnes)
    cles = [cle for e in E if e != E.MANQUANT for cle in lus[e]]
    assert len(cles) == len(set(cles))
    assert set(cles) <= {c.cle for c in comptes if c.est_actif}


@PATIENT
@given(COMPTES, PERSONNES)
def test_qui_manque_n_a_aucun_compte_actif(comptes: list[Compte], personnes: list[Personne]) -> None:
    pourvues = {c.personne for c in comptes if c.est_actif}
    manquants = set(ecarts(comptes, personnes)[E.MANQUANT])
    assert manquants == {p.cle for p in personnes if p.attendue} - pourvues


@PATIENT
@given(COMPTES, PERSONNES, CLES)
def test_un_compte_de_plus_n_ajoute_personne_aux_manquants(
    comptes: list[Compte], personnes: list[Personne], cle: int
) -> None:
    avant = set(ecarts(comptes, personnes)[E.MANQUANT])
    assert set(ecarts([*comptes, Compte(999, cle)], personnes)[E.MANQUANT]) == avant - {cle}


@PATIENT
@given(COMPTES, PERSONNES)
def test_fermer_tous_les_comptes_ote_tous_les_ecarts_de_compte(
    comptes: list[Compte], personnes: list[Personne]
) -> None:
    fermes = [Compte(c.cle, c.personne, False, c.est_partage, c.profil) for c in comptes]
    assert all(not lus for e, lus in ecarts(fermes, personnes).par_ecart.items() if e != E.MANQUANT)


MOTS = st.sampled_from(["", "a", "b", "c"])
GENS = st.lists(st.builds(Personne, CLES, MOTS, MOTS), unique_by=lambda p: p.cle)
SIGNALES = st.lists(
    st.builds(Signale, st.text("xyz", min_size=1, max_size=3), MOTS, MOTS, st.booleans()),
    unique_by=lambda s: s.identifiant,
)


@PATIENT
@given(SIGNALES, GENS, st.randoms(use_true_random=False))
def test_rapprocher_ne_depend_pas_de_l_ordre(signales: list[Signale], gens: list[Personne], hasard: Any) -> None:
    meles = list(gens)
    hasard.shuffle(meles)
    assert rapprocher(signales, gens) == rapprocher(list(reversed(signales)), meles)


@PATIENT
@given(SIGNALES, GENS)
def test_rapprocher_ne_designe_que_quelqu_un_qui_concorde(signales: list[Signale], gens: list[Personne]) -> None:
    connues = {p.cle: p for p in gens}
    for s in signales:
        if (cle := rapprocher(signales, gens)[s.identifiant]) is not None:
            assert not s.est_partage
            assert connues[cle].matricule == s.matricule != "" or (not s.matricule and connues[cle].nom == s.nom != "")
