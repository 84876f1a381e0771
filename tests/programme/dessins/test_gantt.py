"""Le calendrier des vagues : des dates aux segments, des segments aux barres."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.dessins import echelle, gantt
from programme.dessins.gantt import PREVUE, REELLE, REFERENCE, Trajet
from programme.enums import FRISE_PARCOURS

AU = date(2026, 11, 24)


@dataclass
class Dates:
    reference: date | None = None
    revisee: date | None = None
    reelle: date | None = None


def _genres(trajet: Trajet, *couches: str) -> list[tuple[str, str]]:
    return [(s.genre, s.etat) for s in gantt.segments(trajet, AU, couches or gantt.COUCHES)]


EN_OUVERTURE = Trajet(
    5,
    {
        "cadrage": Dates(date(2025, 6, 2), None, date(2025, 6, 2)),
        "preparation": Dates(date(2026, 1, 12), None, date(2026, 2, 9)),
        "ouverture": Dates(date(2026, 9, 7), None, date(2026, 10, 2)),
        "service_regulier": Dates(date(2027, 2, 1), date(2027, 4, 5)),
        "routine": Dates(date(2027, 11, 1)),
    },
    {"pilote"},
)


def test_un_esms_en_ouverture_a_ses_trois_couches() -> None:
    assert _genres(EN_OUVERTURE) == [
        ("faite", "cadrage"),
        ("faite", "preparation"),
        ("en-cours", "ouverture"),
        ("reste", "ouverture"),
        ("glissee", "service_regulier"),
        ("prevue", "routine"),
        *[("reference", e) for e in ("cadrage", "preparation", "ouverture", "service_regulier", "routine")],
    ]


def test_une_barre_va_d_une_entree_a_la_suivante() -> None:
    reelles = gantt.segments(EN_OUVERTURE, AU, [REELLE])
    assert [(s.debut, s.fin) for s in reelles] == [
        (date(2025, 6, 2), date(2026, 2, 9)),
        (date(2026, 2, 9), date(2026, 10, 2)),
        (date(2026, 10, 2), AU),
    ]
    reste, suite, routine = gantt.segments(EN_OUVERTURE, AU, [PREVUE])
    assert (reste.debut, reste.fin) == (AU, date(2027, 4, 5)) == (AU, suite.debut)
    assert routine.fin is None, "de la routine, on ne connaît que le début : un jalon"


def test_un_retard_se_dit_en_mots_et_se_marque() -> None:
    par_etat = {s.etat: s for s in gantt.segments(EN_OUVERTURE, AU, [REELLE])}
    assert (par_etat["cadrage"].glisse, par_etat["cadrage"].ecart) == (False, "à la date")
    assert (par_etat["preparation"].glisse, par_etat["preparation"].ecart) == (True, "+ 4 sem.")
    assert "Ouverture depuis le 2 oct. 2026 (+ 4 sem.)" in gantt.en_phrase(gantt.segments(EN_OUVERTURE, AU))


def test_une_suite_prevue_avant_aujourd_hui_est_depassee() -> None:
    trajet = Trajet(2, {"cadrage": Dates(reelle=date(2026, 3, 2)), "preparation": Dates(date(2026, 9, 1))})
    depassee, suite = gantt.segments(trajet, AU, [PREVUE])
    assert (depassee.genre, depassee.le, depassee.debut, depassee.fin) == (
        "depassee", date(2026, 9, 1), date(2026, 9, 1), AU,
    )  # fmt: skip
    assert (suite.etat, suite.le, suite.fin) == ("preparation", date(2026, 9, 1), None)


def test_de_deux_etapes_depassees_la_derniere_part_d_aujourd_hui() -> None:
    etapes = {
        "cadrage": Dates(date(2026, 6, 1)),
        "preparation": Dates(date(2026, 9, 1)),
        "ouverture": Dates(date(2027, 3, 1)),
    }
    depassee, cadrage, preparation, ouverture = gantt.segments(Trajet(1, etapes, {"pilote"}), AU, [PREVUE])
    assert (depassee.etat, depassee.debut) == ("recense", date(2026, 6, 1))
    assert (cadrage.debut, cadrage.fin) == (date(2026, 6, 1), None)
    assert (preparation.le, preparation.debut, preparation.fin) == (date(2026, 9, 1), AU, date(2027, 3, 1))
    assert (ouverture.debut, ouverture.fin) == (date(2027, 3, 1), None)


@pytest.mark.parametrize("rang", [3, 5])
def test_suspendu_ou_sorti_s_arrete_et_ne_promet_plus_rien(rang: int) -> None:
    arret = date(2026, 5, 4)
    trajet = Trajet(rang, {"cadrage": Dates(reelle=date(2026, 1, 5)), "ouverture": Dates(date(2026, 9, 1))}, (), arret)
    segments = gantt.segments(trajet, AU)
    assert [(s.genre, s.fin) for s in segments if s.genre != "reference"] == [("faite", arret)]


def test_un_arret_garde_le_franchi_et_les_references_et_rien_de_revise() -> None:
    faite, devant = Dates(None, date(2026, 1, 2), date(2026, 1, 5)), Dates(date(2026, 9, 1), date(2026, 12, 1))
    lues = gantt.sans_suite({"cadrage": faite, "ouverture": devant})
    assert lues["cadrage"] is faite
    assert (lues["ouverture"].reference, lues["ouverture"].revisee) == (date(2026, 9, 1), None)


def test_sans_aucune_date_il_n_y_a_rien_a_dessiner() -> None:
    vide = Trajet(1, {"cadrage": Dates()})
    assert gantt.segments(vide, AU) == [] and gantt.en_phrase([]) == "Aucune date."
    assert gantt.fenetre(None, None, [vide]).nb_ouverts == 0


def test_on_ne_montre_que_les_couches_demandees() -> None:
    assert {g for g, _ in _genres(EN_OUVERTURE, REFERENCE)} == {"reference"}
    assert {g for g, _ in _genres(EN_OUVERTURE, REELLE)} == {"faite", "en-cours"}


def test_le_mot_n_est_ecrit_que_s_il_tient() -> None:
    segments = gantt.segments(EN_OUVERTURE, AU)
    large = gantt.barres(segments, echelle.echelle(EN_OUVERTURE.jours(), AU, echelle.MOIS))
    etroit = gantt.barres(segments, echelle.Echelle(date(2024, 1, 1), date(2030, 12, 31), 300))
    assert "Préparation, + 4 sem." in [b.mot for b in large]
    assert [b.mot for b in etroit if b.mot and not b.est_jalon] == []
    for b in large:
        assert not b.mot or b.est_jalon or b.segment.genre == "en-cours" or len(b.mot) * 6 < b.largeur


def test_une_vague_va_du_premier_au_dernier_ouvert() -> None:
    ouverts = [Trajet(5, {"ouverture": Dates(reelle=j)}) for j in (date(2026, 5, 4), date(2026, 3, 2))]
    f = gantt.fenetre(date(2026, 3, 1), date(2026, 4, 30), ouverts)
    assert (f.premiere, f.derniere, f.nb_ouverts, f.est_finie) == (date(2026, 3, 2), date(2026, 5, 4), 2, True)
    assert f.deborde(AU)
    en_attente = gantt.fenetre(date(2026, 3, 1), date(2027, 4, 30), [*ouverts, Trajet(2, {})])
    assert not en_attente.est_finie and not en_attente.deborde(AU) and en_attente.deborde(date(2027, 5, 1))


def test_la_bande_d_une_vague_depasse_apres_la_fin_prevue() -> None:
    e = echelle.Echelle(date(2026, 1, 1), date(2026, 12, 31), 365)
    f = gantt.fenetre(
        date(2026, 2, 1), date(2026, 3, 1), [Trajet(5, {"pilote": Dates(reelle=date(2026, 2, 10))}), Trajet(1, {})]
    )
    b = gantt.bande(f, e, date(2026, 4, 1))
    assert b.prevue == (31, 28) and b.reelle == (40, 50) and b.debord == (59, 31) and b.en_cours
    assert gantt.bande(gantt.fenetre(None, None, []), e, AU) == gantt.Bande(None, None, None, True)


# --- quelles que soient les dates ----------------------------------------------------------------------------------

_JOUR = st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2032, 12, 31)))


@st.composite
def trajets(draw: st.DrawFn) -> Trajet:
    """Un parcours plausible : des dates réelles qui se suivent jusqu'au rang, des dates prévues quelconques."""
    rang = draw(st.integers(1, 7))
    jour = draw(st.dates(date(2020, 1, 1), date(2023, 1, 1)))
    etapes = {}
    for position, etat in enumerate(FRISE_PARCOURS, 1):
        reelle = None
        if 1 < position <= rang and draw(st.booleans()):
            jour += timedelta(days=draw(st.integers(0, 200)))
            reelle = jour
        etapes[etat.value] = Dates(draw(_JOUR), draw(_JOUR), reelle)
    arret = draw(st.one_of(st.none(), st.just(jour + timedelta(days=30))))
    return Trajet(rang, etapes, draw(st.sampled_from([(), ("pilote",), ("pilote", "ouverture")])), arret)


@given(trajets())
def test_aucune_barre_ne_recule_ni_ne_sort_du_dessin(trajet: Trajet) -> None:
    e = echelle.echelle(trajet.jours(), AU)
    for b in gantt.barres(gantt.segments(trajet, AU), e):
        s = b.segment
        assert s.fin is None or s.fin >= s.debut
        assert 0 <= b.x <= e.largeur and b.largeur >= 0 and b.x + b.largeur <= e.largeur + 2
        assert b.y + b.hauteur <= gantt.HAUTEUR


@given(trajets())
def test_chaque_date_du_tableau_a_sa_marque_et_reciproquement(trajet: Trajet) -> None:
    dessinees = {(s.genre, s.etat, s.le) for s in gantt.segments(trajet, AU)}
    reelles = {(e, j) for g, e, j in dessinees if g in ("faite", "en-cours")}
    prevues = {(e, j) for g, e, j in dessinees if g in ("prevue", "glissee")}
    references = {(e, j) for g, e, j in dessinees if g == "reference"}
    assert reelles == {(e.value, j) for e, j in trajet.franchies()}
    assert references == {(e.value, j) for e, j in trajet.references()}
    assert prevues == {(e.value, j) for e, j in trajet.prevues()}
    assert trajet.arret is None or not prevues
