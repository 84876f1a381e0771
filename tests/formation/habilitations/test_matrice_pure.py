"""Comparer, reporter, croiser, coller : ce que promet le module pur, sur n'importe quelle matrice."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formation.calculs.matrice import (
    AJOUTEE,
    AUTREMENT,
    CHANGEE,
    LETTRES,
    MOTS_PORTEE,
    PLUS_ETROIT,
    PLUS_LARGE,
    RETIREE,
    Ecart,
    appliquer,
    comparer,
    croiser,
    donne,
    lire_bloc,
    lire_mot,
    plus_mois,
    propres,
)
from formation.enums import DroitAcces, PorteeAcces

PROFILS = [(1, "Éducateurs"), (2, "Soignants"), (3, "Secrétariat")]
MODULES = [(10, "Journal de bord"), (20, "Dossier de soins"), (30, "Agenda")]
CLES = [(p, m) for p, _ in PROFILS for m, _ in MODULES]
sans_hate = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
grilles = st.dictionaries(
    st.sampled_from(CLES), st.tuples(st.sampled_from(DroitAcces.values), st.sampled_from(PorteeAcces.values))
)


@sans_hate
@given(grilles, grilles)
def test_le_diff_est_symetrique(a: dict, b: dict) -> None:
    assert [e.inverse() for e in comparer(a, b)] == comparer(b, a)


@sans_hate
@given(grilles, grilles)
def test_vide_si_et_seulement_si_egales(a: dict, b: dict) -> None:
    assert (comparer(a, b) == []) == (propres(a) == propres(b))


@sans_hate
@given(grilles, grilles)
def test_appliquer_le_diff_rend_l_autre(a: dict, b: dict) -> None:
    assert appliquer(a, comparer(a, b)) == propres(b)


@sans_hate
@given(grilles, grilles, grilles)
def test_croiser_garde_les_deux_saisies(depart: dict, mienne: dict, autre: dict) -> None:
    ensemble, croisees = croiser(depart, mienne, autre)
    miens = {e.cle for e in comparer(depart, mienne)}
    for cle in CLES:
        voulue = propres(mienne) if cle in miens else propres(autre)
        assert ensemble.get(cle) == voulue.get(cle)
    assert set(croisees) <= miens & {e.cle for e in comparer(depart, autre)}


def rendre_bloc(cases: dict, profils, modules) -> str:
    """La grille telle qu'un tableur la rend."""

    def mot(case) -> str:
        return f"{LETTRES[case[0]]} {MOTS_PORTEE[case[1]]}" if case is not None and donne(case) else "A"

    return "\n".join("\t".join(mot(cases.get((p, m))) for m, _ in modules) for p, _ in profils)


@sans_hate
@given(grilles)
def test_coller_puis_rendre_est_l_identite(cases: dict) -> None:
    lu = lire_bloc(rendre_bloc(cases, PROFILS, MODULES), PROFILS, MODULES)
    assert not lu.fautes and set(lu.cases) == set(CLES) and propres(lu.cases) == propres(cases)


@sans_hate
@given(grilles)
def test_coller_la_grille_avec_ses_entetes_la_pose_par_les_noms(cases: dict) -> None:
    colonnes, lignes = MODULES[::-1], PROFILS[::-1]
    corps = rendre_bloc(cases, lignes, colonnes).split("\n")
    bloc = "\t".join(["", *[nom for _, nom in colonnes]]) + "\n"
    bloc += "\n".join(f"{nom}\t{ligne}" for (_, nom), ligne in zip(lignes, corps, strict=True)) + "\n"
    lu = lire_bloc(bloc, PROFILS, MODULES, depart=(2, 2))
    assert not lu.fautes and propres(lu.cases) == propres(cases)


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("L", ("lecture", None)),
        ("lecture", ("lecture", None)),
        ("E unité", ("ecriture", "unite")),
        ("Écriture — les personnes de l'unité", ("ecriture", "unite")),
        ("V toutes", ("validation", "toutes")),
        ("admin", ("administration", None)),
        ("D (toutes les personnes)", ("administration", "toutes")),
        ("Lecture, personnes suivies", ("lecture", "suivies")),
        ("", ("aucun", None)),
        ("—", ("aucun", None)),
        ("aucun", ("aucun", None)),
    ],
)
def test_les_mots_et_les_initiales(texte: str, attendu: tuple[str, str | None]) -> None:
    assert lire_mot(texte) == attendu


@pytest.mark.parametrize("texte", ["X", "oui", "lecture partout", "L unité toutes", "toutes", "=1+1", "???"])
def test_un_mot_inconnu_ne_se_devine_pas(texte: str) -> None:
    assert lire_mot(texte) is None


def test_chaque_cellule_inconnue_dit_sa_ligne_sa_colonne_et_les_mots_attendus() -> None:
    lu = lire_bloc("L\tE\r\nlire parfois\tV toutes\r\n", PROFILS, MODULES, depart=(1, 0))
    assert lu.fautes == [
        "Ligne 2 (« Secrétariat »), colonne « Journal de bord » : « lire parfois » n'est pas un droit. Attendu : "
        "A (aucun), L (lecture), E (écriture), V (validation) ou D (administration), suivi au besoin de « toutes », "
        "« unité » ou « suivies »."
    ]
    assert lu.cases == {
        (2, 10): ("lecture", "unite"),
        (2, 20): ("ecriture", "unite"),
        (3, 20): ("validation", "toutes"),
    }


def test_un_bloc_qui_deborde_le_dit() -> None:
    lu = lire_bloc("L\tL\tL\tL\nL", PROFILS, MODULES, depart=(2, 1))
    assert lu.fautes == [
        "Le bloc dépasse la grille de 1 ligne : partez d'une case plus haute.",
        "Le bloc dépasse la grille de 2 colonnes : partez d'une case plus à gauche.",
    ]


def test_un_profil_inconnu_en_premiere_colonne_se_dit() -> None:
    lu = lire_bloc("\tAgenda\nÉducateurs\tL\nIntrus\tL", PROFILS, MODULES)
    assert lu.fautes == ["« Intrus » n'est pas un profil de cette matrice : recopiez son nom."] and not lu.cases


def test_une_portee_tue_reste_celle_de_la_case() -> None:
    tenues = {(1, 10): ("lecture", "toutes")}
    assert lire_bloc("E", PROFILS, MODULES, actuelles=tenues).cases == {(1, 10): ("ecriture", "toutes")}


def test_le_sens_d_un_ecart() -> None:
    lecture, ecriture = ("lecture", "unite"), ("ecriture", "unite")
    lus = [
        Ecart((1, 1), None, lecture),
        Ecart((1, 1), lecture, None),
        Ecart((1, 1), lecture, ecriture),
        Ecart((1, 1), lecture, ("lecture", "suivies")),
        Ecart((1, 1), lecture, ("ecriture", "suivies")),
    ]
    assert [(e.nature, e.sens) for e in lus] == [
        (AJOUTEE, PLUS_LARGE),
        (RETIREE, PLUS_ETROIT),
        (CHANGEE, PLUS_LARGE),
        (CHANGEE, PLUS_ETROIT),
        (CHANGEE, AUTREMENT),
    ]


@pytest.mark.parametrize(
    ("jour", "mois", "attendu"),
    [
        (date(2026, 11, 30), 12, date(2027, 11, 30)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_tant_de_mois_plus_tard(jour: date, mois: int, attendu: date) -> None:
    assert plus_mois(jour, mois) == attendu
