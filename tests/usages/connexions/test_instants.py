"""Un instant écrit par un éditeur : les formes qu'on lit, celles qu'on refuse, et les deux nuits où l'heure change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usages.calculs.instants import (
    SANS_DECALAGE,
    SANS_HEURE,
    SAUT,
    Heure,
    avance,
    changements,
    lire_heure,
    lire_jour,
    recule,
    ressemble_a_un_instant,
    tranche_de,
)
from usages.enums import TrancheDuJour

PARIS = ZoneInfo("Europe/Paris")
JOURS = st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31))


@given(JOURS)
def test_un_jour_se_lit_dans_toutes_ses_formes(jour: date) -> None:
    formes = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y%m%d", "%d/%m/%y")
    assert {lire_jour(jour.strftime(f)) for f in formes} == {jour}
    assert lire_jour(f"{jour.day}/{jour.month}/{jour.year}") == jour


@pytest.mark.parametrize("texte", ["", "31/02/2026", "12/31/2026", "2026-13-01", "1/2-2026", "hier", "01/01/1999"])
def test_ce_qui_n_est_pas_un_jour(texte: str) -> None:
    assert lire_jour(texte) is None


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        (" 08:41:07", Heure(521)),
        ("T08:41:07.123", Heure(521)),
        (" 8h41", Heure(521)),
        ("T06:41:07Z", Heure(401, 0)),
        (" 08:41:07 +02:00", Heure(521, 120)),
        ("T08:41-0330", Heure(521, -210)),
        ("", Heure(SANS_HEURE, SANS_DECALAGE)),
        ("  ", Heure()),
    ],
)
def test_une_heure(texte: str, attendu: Heure) -> None:
    assert lire_heure(texte) == attendu


@pytest.mark.parametrize("texte", [" 25:00", " 08:61", "08:41", " matin", " 08:41:99", " 26 08:00"])
def test_ce_qui_n_est_pas_une_heure(texte: str) -> None:
    assert lire_heure(texte) is None


@given(JOURS.filter(lambda j: j.year > 2000))
def test_les_changements_d_heure_sont_ceux_de_paris(jour: date) -> None:
    matin = datetime(jour.year, jour.month, jour.day, tzinfo=PARIS).utcoffset()
    soir = datetime(jour.year, jour.month, jour.day, 12, tzinfo=PARIS).utcoffset()
    assert matin is not None and soir is not None
    assert avance(jour) == (soir > matin) and recule(jour) == (soir < matin)


@given(st.datetimes(min_value=datetime(2001, 1, 1), max_value=datetime(2037, 12, 31)))
def test_la_saison_d_un_instant_universel_est_celle_de_paris(instant: datetime) -> None:
    minutes = instant.toordinal() * 1440 + instant.hour * 60 + instant.minute
    ete = sum(c <= minutes for c in changements()) % 2 == 1
    attendu = instant.replace(tzinfo=UTC).astimezone(PARIS).utcoffset()
    assert attendu == timedelta(hours=2 if ete else 1)


def test_l_heure_qui_n_existe_pas_va_de_deux_a_trois_heures() -> None:
    assert (SAUT.start, SAUT.stop) == (120, 180) and avance(date(2026, 3, 29)) and recule(date(2026, 10, 25))


@pytest.mark.parametrize(
    ("minute", "tranche"),
    [(0, "nuit"), (359, "nuit"), (360, "matin"), (839, "matin"), (840, "apres_midi"), (1260, "nuit"), (-1, "")],
)
def test_trois_tranches(minute: int, tranche: str) -> None:
    assert tranche_de(minute) == tranche and (not tranche or tranche in TrancheDuJour.values)


def test_une_ligne_d_en_tete_ne_porte_pas_d_instant() -> None:
    assert ressemble_a_un_instant("30/11/2026 08:00") and ressemble_a_un_instant("1/9/2026")
    assert not any(map(ressemble_a_un_instant, ("Date", "Date 2026", "", "Connexion du mois")))
