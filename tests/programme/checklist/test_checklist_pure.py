"""Quelle réponse vaut pour un ESMS : règles, puis propriétés sur des suites de versions et de réponses."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.calculs.checklist import D_OFFICE, MESURE, RANG, comparer, echeance, est_dispense, resoudre
from programme.enums import EtatGrappe, Niveau, PointDepart, StatutAction, TypeProjet

S, N = StatutAction, Niveau


@dataclass(frozen=True)
class Ligne:
    niveau: str
    libelle: str = "Consulter le CSE"


@dataclass(frozen=True)
class Reponse:
    pk: int
    niveau: str
    statut: str
    jour: int = 1
    libelle_repondu: str = "Consulter le CSE"

    @property
    def modifiee_le(self) -> datetime:
        return datetime(2026, 1, self.jour, tzinfo=UTC)


def test_sans_reponse_c_est_a_faire() -> None:
    assert resoudre(Ligne(N.ESMS), []).statut == S.A_FAIRE


def test_une_reponse_du_siege_vaut_dessous_et_dit_d_ou_elle_vient() -> None:
    resolue = resoudre(Ligne(N.OG), [Reponse(1, N.OG, S.FAIT)])
    assert (resolue.statut, resolue.herite_de) == (S.FAIT, "og")


def test_l_exception_locale_l_emporte_sur_le_siege() -> None:
    resolue = resoudre(Ligne(N.OG), [Reponse(1, N.OG, S.FAIT), Reponse(2, N.ESMS, S.EN_COURS)])
    assert (resolue.statut, resolue.herite_de) == (S.EN_COURS, "")


def test_une_reponse_donnee_plus_haut_que_le_niveau_ne_descend_pas() -> None:
    resolue = resoudre(Ligne(N.ESMS), [Reponse(1, N.GRAPPE, S.FAIT)])
    assert resolue.statut == S.A_FAIRE and [r.pk for r in resolue.anciennes] == [1]


def test_ce_qui_se_constate_l_emporte_ce_qui_dispense_cede_a_une_reponse() -> None:
    assert resoudre(Ligne(N.ESMS), [], mesuree=True).herite_de == MESURE
    assert resoudre(Ligne(N.ESMS), [], dispensee=True).herite_de == D_OFFICE
    assert resoudre(Ligne(N.ESMS), [Reponse(1, N.ESMS, S.EN_COURS)], dispensee=True).statut == S.EN_COURS


def test_de_deux_groupes_la_plus_recente() -> None:
    lues = [Reponse(1, N.GROUPE, S.FAIT, 2), Reponse(2, N.GROUPE, S.EN_COURS, 9)]
    assert resoudre(Ligne(N.GROUPE), lues).reponse.pk == 2


def test_une_action_reformulee_se_relit() -> None:
    assert resoudre(Ligne(N.ESMS, "Consulter le comité"), [Reponse(1, N.ESMS, S.FAIT)]).est_reformulee
    assert not resoudre(Ligne(N.ESMS), [Reponse(1, N.ESMS, S.FAIT)]).est_reformulee


@pytest.mark.parametrize(
    ("regle", "valeurs", "attendu"),
    [
        ("conformite", {"type_projet": TypeProjet.MISE_EN_CONFORMITE}, True),
        ("conformite", {}, False),
        ("deja_conforme", {"point_depart": PointDepart.DEJA_CONFORME}, True),
        ("marche_passe", {"etat_grappe": EtatGrappe.MODELE_COMMUN}, True),
        ("marche_passe", {"etat_grappe": EtatGrappe.CONSULTATION}, False),
        ("marche_passe", {"etat_grappe": EtatGrappe.SUSPENDUE, "etat_suspendu": EtatGrappe.PILOTE}, True),
        ("", {"type_projet": TypeProjet.MISE_EN_CONFORMITE}, False),
    ],
)
def test_ce_qui_dispense_d_office(regle: str, valeurs: dict[str, str], attendu: bool) -> None:
    base = {"type_projet": TypeProjet.ACQUISITION, "point_depart": "", "etat_grappe": EtatGrappe.MONTAGE}
    assert est_dispense(regle, **(base | valeurs)) is attendu


def test_l_echeance_part_de_l_entree_dans_l_etat() -> None:
    assert echeance({"ouverture": date(2026, 3, 31)}, "ouverture", -30) == date(2026, 3, 1)
    assert echeance({"ouverture": None}, "ouverture", -30) is None and echeance({}, "", 0) is None


# --- versions : rien ne se perd, rien ne descend en silence --------------------------------------------------------

CODES = ("cse", "cvs", "si")
NIVEAUX = st.sampled_from(list(Niveau))
MODELES = st.dictionaries(st.sampled_from(CODES), st.tuples(NIVEAUX, st.sampled_from(("un", "deux"))), min_size=1)
REPONSES = st.lists(
    st.tuples(st.sampled_from(CODES), NIVEAUX, st.sampled_from(list(StatutAction))),
    max_size=8,
    unique_by=lambda r: r[:2],
)


@given(versions=st.lists(MODELES, min_size=1, max_size=4), dites=REPONSES)
def test_aucune_reponse_perdue_ni_heritee_en_silence(
    versions: list[dict[str, tuple[Niveau, str]]], dites: list[tuple[str, Niveau, StatutAction]]
) -> None:
    """À chaque version, chaque réponse reste à portée : valable, proposée, cachée par une plus proche, ou retirée."""
    gardees = [Reponse(cle, niveau, statut, libelle_repondu="un") for cle, (_, niveau, statut) in enumerate(dites)]
    par_code = {code: [r for r, d in zip(gardees, dites, strict=True) if d[0] == code] for code in CODES}
    for version in versions:
        for code, reponses in par_code.items():
            if code not in version:
                continue
            niveau, libelle = version[code]
            resolue = resoudre(Ligne(niveau, libelle), reponses)
            # Ce qui vaut n'a jamais été répondu plus haut que là où l'action se répond aujourd'hui.
            if resolue.reponse:
                assert RANG[Niveau(resolue.reponse.niveau)] <= RANG[niveau]
                assert resolue.statut == resolue.reponse.statut
                assert resolue.herite_de == ("" if resolue.reponse.niveau == N.ESMS else resolue.reponse.niveau)
                plus_proches = [r for r in reponses if RANG[Niveau(r.niveau)] < RANG[Niveau(resolue.reponse.niveau)]]
                assert plus_proches == []
            else:
                assert resolue.statut == S.A_FAIRE
            assert {r.pk for r in resolue.anciennes} == {
                r.pk for r in reponses if RANG[Niveau(r.niveau)] > RANG[niveau]
            }
            assert resolue.est_reformulee == bool(resolue.reponse and libelle == "deux")


@given(avant=MODELES, apres=MODELES)
def test_les_differences_disent_tout(
    avant: dict[str, tuple[Niveau, str]], apres: dict[str, tuple[Niveau, str]]
) -> None:
    ecarts = comparer({c: Ligne(*v) for c, v in avant.items()}, {c: Ligne(*v) for c, v in apres.items()})
    assert set(ecarts.ajoutees) == apres.keys() - avant.keys()
    assert set(ecarts.retirees) == avant.keys() - apres.keys()
    communs = avant.keys() & apres.keys()
    assert set(ecarts.reformulees) == {c for c in communs if avant[c][1] != apres[c][1]}
    assert ecarts.deplacees == {c: (avant[c][0], apres[c][0]) for c in communs if avant[c][0] != apres[c][0]}
    assert bool(ecarts) == (avant != apres)
