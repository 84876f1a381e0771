"""Dates en français : formes, premier du mois, durées lisibles."""

from datetime import date, datetime

import pytest

from programme.socle import dates

AUJOURDHUI = date(2026, 11, 17)


def test_date_courte() -> None:
    assert dates.date_courte(date(2026, 11, 3)) == "3 nov. 2026"


def test_le_premier_du_mois_s_ecrit_1er() -> None:
    assert dates.date_courte(date(2026, 12, 1)) == "1er déc. 2026"
    assert dates.jour_mois(date(2026, 12, 1)) == "1er déc."
    assert dates.date_longue(date(2027, 8, 1)) == "1er août 2027"
    assert dates.jour_mois(date(2026, 12, 11)) == "11 déc."


@pytest.mark.parametrize(
    ("numero", "court"),
    [(1, "janv."), (2, "févr."), (3, "mars"), (4, "avril"), (7, "juil."), (8, "août"), (9, "sept.")],
)
def test_mois_abreges_selon_l_usage(numero: int, court: str) -> None:
    assert dates.mois(date(2026, numero, 15)) == f"{court} 2026"


def test_date_longue_avec_le_jour_de_la_semaine() -> None:
    assert dates.date_longue(AUJOURDHUI, avec_jour=True) == "mardi 17 novembre 2026"


def test_heure() -> None:
    assert dates.heure(datetime(2026, 11, 17, 9, 5)) == "9\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}05"


def test_une_date_absente_se_lit_comme_un_tiret() -> None:
    for forme in (dates.date_courte, dates.date_longue, dates.jour_mois, dates.mois, dates.heure):
        assert forme(None) == "—"
    assert dates.il_y_a(None, AUJOURDHUI) == "—"


@pytest.mark.parametrize(
    ("jours", "attendu"),
    [
        (0, "0 jour"),
        (1, "1 jour"),
        (13, "13 jours"),
        (14, "2 semaines"),
        (59, "8 semaines"),
        (60, "1 mois"),
        (62, "2 mois"),
        (365, "11 mois"),
        (366, "1 an"),
        (730, "1 an"),
        (731, "2 ans"),
    ],
)
def test_duree_a_l_unite_ou_elle_se_lit(jours: int, attendu: str) -> None:
    assert dates.duree(jours) == attendu


@pytest.mark.parametrize(
    ("jour", "attendu"),
    [
        (date(2026, 11, 17), "depuis aujourd’hui"),
        (date(2026, 11, 16), "depuis hier"),
        (date(2026, 11, 12), "depuis 5 jours"),
        (date(2026, 9, 12), "depuis 2 mois"),
        (date(2024, 11, 1), "depuis 2 ans"),
        (date(2026, 11, 18), "demain"),
        (date(2026, 11, 20), "dans 3 jours"),
    ],
)
def test_il_y_a(jour: date, attendu: str) -> None:
    assert dates.il_y_a(jour, AUJOURDHUI) == attendu
