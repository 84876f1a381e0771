"""Prévoir la routine, en arithmétique : lois connues, censure refaite à la main, temps passé, graine, ensembles."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from math import exp, log
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.calculs.prevision import (
    AU_DELA,
    EN_ROUTINE,
    PASSAGES_MINIMUM,
    SANS_DATE,
    SANS_SECONDE,
    Courbe,
    Depart,
    Etendue,
    Prevision,
    Simulation,
    Trajet,
    en_phrase,
    kaplan_meier,
    observer,
    prevoir,
    prevoir_ensemble,
    simuler,
)
from programme.calculs.situation import ARRIVEES
from programme.donnees_partagees import SEUIL
from programme.enums import FRISE_PARCOURS, EtatParcours, TypeProjet
from programme.models import Parcours

AU = date(2026, 3, 1)
UN, DEUX, TROIS = ("preparation", "ouverture"), ("ouverture", "service_regulier"), ("service_regulier", "routine")
TOLERANCE = 0.07
"""Quatre erreurs types de la probabilité atteinte, pour mille tirages dans quelques milliers de durées."""


def courbe(terminees: Iterable[int], censurees: Iterable[int] = ()) -> Courbe:
    """La courbe de ces durées, en jours."""
    faites, en_cours = Counter(terminees), Counter(censurees)
    return kaplan_meier((j, faites[j], en_cours[j]) for j in {*faites, *en_cours})


def prevue(*courbes: Courbe, passes: int = 0, cle: int = 1) -> Prevision:
    """La prévision d'un ESMS à qui restent autant d'étapes que de courbes."""
    pas = (UN, DEUX, TROIS)[-len(courbes) :]
    etendue = Etendue("national", dict(zip(pas, courbes, strict=True)))
    return prevoir(simuler(Depart(cle, passes, pas), [etendue]), AU)


def jours(prevision: Prevision) -> tuple[int, int]:
    """Les deux dates, en jours depuis aujourd'hui."""
    assert prevision.une_sur_deux and prevision.quatre_sur_cinq, prevision.motif
    return (prevision.une_sur_deux - AU).days, (prevision.quatre_sur_cinq - AU).days


def exiger_quantiles(prevision: Prevision, repartition: Callable[[int], float]) -> None:
    """La répartition vraie vaut un demi et quatre cinquièmes aux dates prévues, à l'erreur d'échantillonnage près."""
    for jour, part in zip(jours(prevision), (0.5, 0.8), strict=True):
        assert repartition(jour - 1) - TOLERANCE < part < repartition(jour) + TOLERANCE, (jour, repartition(jour))


# --- lois connues --------------------------------------------------------------------------------------------------


def geometrique(hasard: Random, p: float) -> int:
    return int(log(1 - hasard.random()) / log(1 - p)) + 1


def test_une_loi_geometrique_rend_ses_quantiles() -> None:
    hasard = Random(1)
    c = courbe(geometrique(hasard, 0.01) for _ in range(4_000))
    exiger_quantiles(prevue(c), lambda j: 1 - 0.99**j)


def test_une_loi_uniforme_rend_ses_quantiles() -> None:
    hasard = Random(2)
    c = courbe(hasard.randint(31, 230) for _ in range(4_000))
    exiger_quantiles(prevue(c), lambda j: min(max(j - 30, 0), 200) / 200)


def test_la_somme_de_deux_uniformes_est_triangulaire() -> None:
    c = courbe(range(1, 201))

    def triangle(j: int) -> float:
        return j * (j - 1) / 80_000 if j <= 201 else 1 - (400 - j) * (401 - j) / 80_000

    exiger_quantiles(prevue(c, c), triangle)


def test_une_exponentielle_a_demi_censuree_rend_ses_quantiles_et_la_compter_finie_les_fausserait() -> None:
    hasard = Random(3)
    vraies = [int(hasard.expovariate(1 / 150)) for _ in range(4_000)]
    arrets = [hasard.randint(10, 400) for _ in vraies]
    faites = [v for v, a in zip(vraies, arrets, strict=True) if v <= a]
    coupees = [a for v, a in zip(vraies, arrets, strict=True) if v > a]
    assert len(coupees) > 1_300
    exiger_quantiles(prevue(courbe(faites, coupees)), lambda j: 1 - exp(-(j + 1) / 150))
    with pytest.raises(AssertionError):
        exiger_quantiles(prevue(courbe([*faites, *coupees])), lambda j: 1 - exp(-(j + 1) / 150))


# --- Kaplan-Meier --------------------------------------------------------------------------------------------------


def test_kaplan_meier_comme_a_la_main() -> None:
    """Un jeu de durées d'école : 21 suivis, 9 événements, 12 censures ; S calculée à la main."""
    c = courbe(
        [6, 6, 6, 7, 10, 13, 16, 22, 23],
        [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35],
    )
    a_la_main = {
        5: 1,
        6: 18 / 21,
        7: 18 / 21 * 16 / 17,
        9: 18 / 21 * 16 / 17,
        10: 18 / 21 * 16 / 17 * 14 / 15,
        13: 18 / 21 * 16 / 17 * 14 / 15 * 11 / 12,
        16: 18 / 21 * 16 / 17 * 14 / 15 * 11 / 12 * 10 / 11,
        22: 18 / 21 * 16 / 17 * 14 / 15 * 11 / 12 * 10 / 11 * 6 / 7,
        23: 18 / 21 * 16 / 17 * 14 / 15 * 11 / 12 * 10 / 11 * 6 / 7 * 5 / 6,
    }
    assert {t: c.survie(t) for t in a_la_main} == pytest.approx(a_la_main)
    assert (c.nombre, c.nombre_apres(6), c.nombre_apres(23), c.dernier) == (9, 6, 0, 23)
    assert c.rythme == pytest.approx(9 / 359)
    assert c.quantile(0.5) == 23 and c.quantile(0.8) == AU_DELA


def test_sans_censure_kaplan_meier_est_la_repartition_observee() -> None:
    c = courbe([10, 20, 20, 40])
    assert [c.survie(t) for t in (9, 10, 20, 39, 40)] == pytest.approx([1, 0.75, 0.25, 0.25, 0])
    assert c.jours == (10, 20, 40) and c.franchies[-1] == 1


def test_la_queue_censuree_suit_le_rythme_moyen() -> None:
    """Un sur deux en vingt jours, les autres encore là à cent : la suite est exponentielle, à λ = 50 / 6 000."""
    c = courbe([20] * 50, [100] * 50)
    tirages = sorted(c.tirer(Random(4), 20_000))
    assert tirages[9_000] == 20 and tirages[11_000] > 20
    au_dela = [t - 20 for t in tirages if t > 20]
    assert sum(au_dela) / len(au_dela) == pytest.approx(120, rel=0.05)


# --- le temps déjà passé -------------------------------------------------------------------------------------------


def test_le_temps_passe_ecarte_les_durees_plus_courtes() -> None:
    c = courbe(range(1, 201))
    assert min(c.tirer(Random(5), 2_000, 120)) == 121
    exiger_quantiles(prevue(c, passes=120), lambda j: j / 80)


def test_une_loi_sans_memoire_oublie_le_temps_passe() -> None:
    hasard = Random(6)
    c = courbe(geometrique(hasard, 0.02) for _ in range(6_000))
    exiger_quantiles(prevue(c, passes=60), lambda j: 1 - 0.98**j)


def test_qui_attend_plus_que_presque_tous_avance_au_rythme_moyen() -> None:
    c = courbe([50] * 40)
    exiger_quantiles(prevue(c, passes=300), lambda j: 1 - exp(-j / 50))
    simulation = simuler(Depart(1, 300, (TROIS,)), [Etendue("grappe", {TROIS: c})])
    assert simulation.sources[0].au_rythme and min(simulation.tirages) >= 1


# --- l'étendue -----------------------------------------------------------------------------------------------------


def sources(passes: int, *etendues: tuple[str, Courbe]) -> tuple[str, int, bool]:
    simulation = simuler(Depart(1, passes, (TROIS,)), [Etendue(nom, {TROIS: c}) for nom, c in etendues])
    (source,) = simulation.sources
    return source.etendue, source.nombre, source.au_rythme


def test_la_plus_petite_etendue_qui_compte_assez_de_passages() -> None:
    petite, grande = courbe([10, 20, 30, 40]), courbe(range(1, 101))
    assert sources(0, ("grappe", petite), ("region", grande)) == ("region", 100, False)
    assert sources(0, ("grappe", courbe([10, 20, 30, 40, 50])), ("region", grande)) == ("grappe", 5, False)


def test_pour_l_etape_en_cours_seuls_comptent_les_passages_plus_longs() -> None:
    grappe, region = courbe(range(10, 20)), courbe(range(1, 101))
    assert sources(14, ("grappe", grappe), ("region", region)) == ("grappe", 5, False)
    assert sources(15, ("grappe", grappe), ("region", region)) == ("region", 85, False)
    assert sources(99, ("grappe", grappe), ("region", region)) == ("grappe", 10, True)


def test_en_dessous_de_cinq_passages_on_dit_quelle_etape() -> None:
    assert PASSAGES_MINIMUM == SEUIL, "le nombre qui fait une prévision est aussi celui qui ne désigne personne"
    prevision = prevue(courbe(range(1, 50)), courbe([10, 20, 30, 40], range(100)))
    assert prevision == Prevision(motif="Moins de 5 passages observés de « Service régulier » à « Routine ».")
    assert prevoir(simuler(Depart(1, 0, (UN,)), []), AU).motif.endswith("de « Préparation » à « Ouverture ».")


def test_au_dela_de_dix_ans_il_n_y_a_pas_de_date() -> None:
    loin = prevue(courbe([10] * 5, [3_000] * 100))
    assert (loin.une_sur_deux, loin.motif) == (None, SANS_DATE) and not loin.phrase
    partage = prevue(courbe([10] * 55, [8_000] * 45))
    assert partage.une_sur_deux == AU + timedelta(days=10)
    assert (partage.quatre_sur_cinq, partage.motif) == (None, SANS_SECONDE)


# --- graine, propriétés --------------------------------------------------------------------------------------------

DUREES = st.lists(st.integers(0, 400), min_size=5, max_size=30)
ETAPES = st.lists(st.tuples(DUREES, st.lists(st.integers(0, 600), max_size=15)), min_size=1, max_size=3)


@settings(max_examples=60, deadline=None)
@given(etapes=ETAPES, passes=st.integers(0, 700), cle=st.integers(1, 10**9))
def test_proprietes_d_une_prevision(etapes: list[tuple[list[int], list[int]]], passes: int, cle: int) -> None:
    courbes = [courbe(t, c) for t, c in etapes]
    prevision = prevue(*courbes, passes=passes, cle=cle)
    assert prevision == prevue(*courbes, passes=passes, cle=cle), "même graine, même résultat"
    assert prevision.n_observations >= PASSAGES_MINIMUM * len(courbes)
    if prevision.une_sur_deux:
        assert prevision.une_sur_deux > AU, "le temps passé, si long soit-il, ne met pas la date derrière nous"
    if prevision.une_sur_deux and prevision.quatre_sur_cinq:
        assert prevision.quatre_sur_cinq >= prevision.une_sur_deux
    assert bool(prevision.motif) is (prevision.quatre_sur_cinq is None)


def test_deux_esms_ne_partagent_pas_leurs_tirages() -> None:
    etendue = [Etendue("national", {TROIS: courbe(range(1, 400))})]
    une, autre = (simuler(Depart(cle, 0, (TROIS,)), etendue).tirages for cle in (1, 2))
    assert list(une) != list(autre)


@settings(max_examples=40, deadline=None)
@given(etapes=ETAPES, nombre=st.integers(1, 12), arrives=st.integers(0, 4), melange=st.randoms())
def test_proprietes_d_un_ensemble(
    etapes: list[tuple[list[int], list[int]]], nombre: int, arrives: int, melange: Random
) -> None:
    pas = (UN, DEUX, TROIS)[-len(etapes) :]
    etendue = [Etendue("grappe", {p: courbe(*e) for p, e in zip(pas, etapes, strict=True)})]
    simulations = [simuler(Depart(cle, 20 * cle, pas), etendue) for cle in range(nombre)] + [EN_ROUTINE] * arrives
    dernier = prevoir_ensemble(simulations, AU)[-1]
    loin = date.max
    for simulation in simulations:
        chacun = prevoir(simulation, AU)
        assert (dernier.une_sur_deux or loin) >= (chacun.une_sur_deux or loin)
        assert (dernier.quatre_sur_cinq or loin) >= (chacun.quatre_sur_cinq or loin)
    premiers = prevoir_ensemble(simulations, AU)[0]
    assert (premiers.une_sur_deux or loin) <= (dernier.une_sur_deux or loin)
    assert premiers.nombre * 5 >= 4 * premiers.total and (premiers.nombre - 1) * 5 < 4 * premiers.total
    melange.shuffle(simulations)
    assert prevoir_ensemble(simulations, AU)[-1] == dernier, "l'ordre n'y change rien"


def test_un_seul_esms_fait_un_ensemble_egal_a_lui() -> None:
    simulation = simuler(Depart(7, 3, (TROIS,)), [Etendue("grappe", {TROIS: courbe(range(1, 90))})])
    (seul,) = prevoir_ensemble([simulation], AU)
    un = prevoir(simulation, AU)
    assert (seul.une_sur_deux, seul.quatre_sur_cinq) == (un.une_sur_deux, un.quatre_sur_cinq)
    assert prevoir_ensemble([], AU) == []


def test_le_dernier_de_dix_suit_la_loi_du_maximum() -> None:
    c = courbe(range(1, 201))
    simulations = [simuler(Depart(cle, 0, (TROIS,)), [Etendue("grappe", {TROIS: c})]) for cle in range(10)]
    dernier = prevoir_ensemble(simulations, AU)[-1]
    assert dernier.une_sur_deux and abs(((dernier.une_sur_deux - AU).days / 200) ** 10 - 0.5) < TOLERANCE


def test_un_esms_sans_prevision_repousse_l_ensemble() -> None:
    connue = simuler(Depart(1, 0, (TROIS,)), [Etendue("grappe", {TROIS: courbe(range(1, 90))})])
    inconnue = simuler(Depart(2, 0, (TROIS,)), [])
    quatre_cinquiemes, dernier = prevoir_ensemble([connue] * 4 + [inconnue], AU)
    assert quatre_cinquiemes.une_sur_deux and dernier.une_sur_deux is None


def test_la_phrase_dit_des_mois_entiers() -> None:
    mars, juillet = date(2027, 3, 1), date(2027, 7, 31)
    assert en_phrase(mars, juillet) == "une chance sur deux avant fin mars 2027, quatre sur cinq avant fin juillet 2027"
    assert en_phrase(mars, date(2027, 3, 30)) == "quatre chances sur cinq avant fin mars 2027"
    assert en_phrase(mars, None) == "une chance sur deux avant fin mars 2027" and en_phrase(None, None) == ""


# --- ce qu'un parcours a vécu --------------------------------------------------------------------------------------


def observees(
    etat: str, *, est_pilote: bool = False, court: bool = False, fin: int | None = 300, **entrees: int
) -> set:
    jours = {e: AU + timedelta(days=j) for e, j in entrees.items()}
    jusqu_au = None if fin is None else AU + timedelta(days=fin)
    return {(*o.pas, o.jours, o.terminee) for o in observer(Trajet(jours, etat, est_pilote, court, jusqu_au))}


def test_les_durees_d_un_parcours() -> None:
    faites = {("cadrage", "preparation", 60, True), ("preparation", "ouverture", 90, True)}
    assert observees("ouverture", cadrage=0, preparation=60, ouverture=150) == faites | {
        ("ouverture", "service_regulier", 150, False)
    }
    assert observees("ouverture", cadrage=0, preparation=60, ouverture=150, fin=None) == faites
    assert observees("routine", service_regulier=0, routine=40) == {("service_regulier", "routine", 40, True)}


def test_le_chemin_depend_du_parcours() -> None:
    assert observees("ouverture", est_pilote=True, preparation=0, pilote=10, ouverture=30, fin=None) == {
        ("preparation", "pilote", 10, True),
        ("pilote", "ouverture", 20, True),
    }
    assert observees("preparation", est_pilote=True, preparation=0, fin=9) == {("preparation", "pilote", 9, False)}
    assert observees("preparation", court=True, preparation=0, fin=9) == {("preparation", "service_regulier", 9, False)}
    assert observees("service_regulier", court=True, preparation=0, service_regulier=30, fin=None) == {
        ("preparation", "service_regulier", 30, True)
    }


def test_ce_que_separent_des_dates_manquantes_ne_fait_pas_une_duree() -> None:
    assert observees("ouverture", cadrage=0, ouverture=150, fin=None) == set()
    assert observees("service_regulier", preparation=0, service_regulier=150, fin=None) == set()
    assert observees("ouverture", cadrage=0, preparation=60) == {("cadrage", "preparation", 60, True)}
    assert observees("preparation", cadrage=60, preparation=0, fin=None) == set(), "deux dates à rebours non plus"


@pytest.mark.parametrize("pilote", [False, True])
@pytest.mark.parametrize("projet", TypeProjet.values)
def test_le_chemin_restant_suit_la_machine(projet: str, pilote: bool) -> None:
    machine = Parcours.transitions()
    assert {t: machine[t].target for t in ARRIVEES} == ARRIVEES
    for etat in EtatParcours:
        parcours = Parcours(etat=etat, type_projet=projet, est_pilote=pilote)
        etapes = parcours.etapes_restantes
        assert bool(etapes) is (etat in FRISE_PARCOURS[:-1])
        if etapes:
            assert etapes[0] == (etat, ARRIVEES[parcours.prochaine]) and etapes[-1][1] == "routine"
            assert all(a[1] == b[0] for a, b in zip(etapes, etapes[1:], strict=False))


def test_une_simulation_en_routine_est_deja_la() -> None:
    assert simuler(Depart(1, 400, ()), []) is EN_ROUTINE and isinstance(EN_ROUTINE, Simulation)
