"""La frise et les écarts de dates : module pur."""

from dataclasses import dataclass
from datetime import date

import pytest

from programme.calculs import frise


@dataclass
class Dates:
    reference: date | None = None
    revisee: date | None = None
    reelle: date | None = None


@pytest.mark.parametrize(
    ("jour", "mots"),
    [
        (date(2026, 3, 1), "à la date"),
        (date(2026, 3, 4), "à la date"),
        (date(2026, 3, 11), "+ 10 j"),
        (date(2026, 2, 19), "− 10 j"),
        (date(2026, 3, 29), "+ 4 sem."),
        (date(2026, 6, 1), "+ 3 mois"),
        (None, ""),
    ],
)
def test_un_ecart_se_lit_a_l_unite_qui_parle(jour: date | None, mots: str) -> None:
    assert frise.ecart(jour, date(2026, 3, 1)) == mots


def test_les_noeuds_disent_franchi_ici_et_a_venir() -> None:
    etapes = {
        "cadrage": Dates(reelle=date(2025, 6, 2)),
        "preparation": Dates(reelle=date(2026, 2, 9)),
        "ouverture": Dates(reference=date(2026, 9, 7)),
        "routine": Dates(revisee=date(2027, 11, 1), reference=date(2027, 5, 1)),
    }
    absentes = frise.sans_objet(est_pilote=False, chemin_court=False, franchies=etapes, etat="preparation")
    noeuds = frise.noeuds(3, etapes, absentes)
    assert [(n.statut, n.date) for n in noeuds] == [
        ("passe", ""),
        ("passe", "réel 2 juin 2025"),
        ("ici", "depuis le 9 févr. 2026"),
        ("sans-objet", "sans objet ici"),
        ("a-venir", "prévue 7 sept. 2026"),
        ("a-venir", ""),
        ("a-venir", "révisée 1er nov. 2027"),
    ]


def test_une_etape_traversee_n_est_jamais_sans_objet() -> None:
    pilote = {"pilote": Dates(reelle=date(2026, 1, 1))}
    assert frise.sans_objet(est_pilote=False, chemin_court=True, franchies=pilote, etat="ouverture") == set()


def test_le_tableau_signale_une_date_depassee() -> None:
    lignes = frise.tableau({"cadrage": Dates(reference=date(2026, 1, 1))}, {"pilote"}, date(2026, 2, 1))
    assert lignes[0].depassee and "pilote" not in [ligne.etat for ligne in lignes]
