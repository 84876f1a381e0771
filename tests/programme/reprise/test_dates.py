"""Les dates telles qu'on les écrit : chaque style se relit, chaque ambiguïté se dit."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.reprise.dates import ANNEES, DateIllisible, DateLue, lire_date
from programme.socle.classeur import Cellule
from programme.socle.dates import MOIS_COURTS, MOIS_LONGS, date_courte, date_longue

JOURS = st.dates(date(ANNEES.start, 1, 1), date(ANNEES.stop - 1, 12, 31))
MOIS_DE_TABLEUR = ("janv", "févr", "mars", "avr", "mai", "juin", "juil", "août", "sept", "oct", "nov", "déc")

AU_JOUR = {
    "12/03/2024": lambda j: f"{j:%d/%m/%Y}",
    "12.3.24": lambda j: f"{j.day}.{j.month}.{j:%y}",
    "12-03-2024": lambda j: f"{j:%d-%m-%Y}",
    "12 03 2024": lambda j: f"{j:%d %m %Y}",
    "12 / 3 / 2024": lambda j: f"{j.day} / {j.month} / {j.year}",
    "2024-03-12": lambda j: f"{j:%Y-%m-%d}",
    "2024/03/12": lambda j: f"{j:%Y/%m/%d}",
    "20240312": lambda j: f"{j:%Y%m%d}",
    "2024-03-12 00:00:00": lambda j: f"{j:%Y-%m-%d} 00:00:00",
    "2024-03-12T08:30:00": lambda j: f"{j:%Y-%m-%d}T08:30:00",
    "12 mars 2024": date_longue,
    "mardi 12 mars 2024": lambda j: date_longue(j, avec_jour=True),
    "12 MARS 2024": lambda j: date_longue(j).upper(),
    "12 févr. 2024": date_courte,
    "12-mars-24": lambda j: f"{j.day}-{MOIS_DE_TABLEUR[j.month - 1]}-{j:%y}",
    "série de tableur": lambda j: (j - date(1899, 12, 30)).days,
    "série en texte": lambda j: str((j - date(1899, 12, 30)).days),
    "série avec une heure": lambda j: (j - date(1899, 12, 30)).days + 0.5,
    "vraie date": lambda j: j,
    "vraie date et heure": lambda j: datetime(j.year, j.month, j.day, 9, 30),
    "cellule": lambda j: Cellule("G12", f"{j:%d/%m/%Y}"),
    "cellule datée": lambda j: Cellule("G12", datetime(j.year, j.month, j.day)),
}
AU_MOIS = {
    "mars 2024": lambda j: f"{MOIS_LONGS[j.month - 1]} {j.year}",
    "Mars 2024": lambda j: f"{MOIS_LONGS[j.month - 1]} {j.year}".capitalize(),
    "févr. 2024": lambda j: f"{MOIS_COURTS[j.month - 1]} {j.year}",
    "mars-24": lambda j: f"{MOIS_DE_TABLEUR[j.month - 1]}-{j:%y}",
    "mars 24": lambda j: f"{MOIS_LONGS[j.month - 1]} {j:%y}",
    "courant mars 2024": lambda j: f"courant {MOIS_LONGS[j.month - 1]} {j.year}",
    "03/2024": lambda j: f"{j:%m/%Y}",
    "2024-03": lambda j: f"{j:%Y-%m}",
}
AU_TRIMESTRE = {
    "T2 2024": "T{0} {1}",
    "T2-24": "T{0}-{2:02d}",
    "T22024": "T{0}{1}",
    "2T2024": "{0}T{1}",
    "2T24": "{0}T{2:02d}",
    "2024-T2": "{1}-T{0}",
    "2024T2": "{1}T{0}",
    "Q2 2024": "Q{0} {1}",
    "2e trimestre 2024": "{0}e trimestre {1}",
    "2ème trim. de 2024": "{0}ème trim. de {1}",
    "2ᵉ trimestre 2024": "{0}ᵉ trimestre {1}",
    "trimestre 2 2024": "trimestre {0} {1}",
}


@pytest.mark.parametrize("style", AU_JOUR)
@given(jour=JOURS)
def test_toute_date_ecrite_au_jour_se_relit(style: str, jour: date) -> None:
    assert lire_date(AU_JOUR[style](jour)) == DateLue(jour, "jour")


@pytest.mark.parametrize("style", AU_MOIS)
@given(jour=JOURS)
def test_toute_date_au_mois_vaut_son_premier_jour(style: str, jour: date) -> None:
    lue = lire_date(AU_MOIS[style](jour))
    assert lue == DateLue(jour.replace(day=1), "mois")
    assert (lue.fin + timedelta(days=1)).day == 1
    assert lue.jour <= jour <= lue.fin


@pytest.mark.parametrize("style", AU_TRIMESTRE)
@given(jour=JOURS)
def test_tout_trimestre_vaut_son_premier_jour(style: str, jour: date) -> None:
    rang = (jour.month + 2) // 3
    lue = lire_date(AU_TRIMESTRE[style].format(rang, jour.year, jour.year % 100))
    assert lue == DateLue(date(jour.year, 3 * rang - 2, 1), "trimestre")
    assert lue.jour <= jour <= lue.fin


@given(annee=st.sampled_from(ANNEES))
def test_annee_et_semestre(annee: int) -> None:
    assert lire_date(annee) == lire_date(str(annee)) == lire_date(float(annee)) == DateLue(date(annee, 1, 1), "annee")
    assert lire_date(f"S1 {annee}") == lire_date(f"1er semestre {annee}") == DateLue(date(annee, 1, 1), "semestre")
    assert lire_date(f"S2 {annee}") == DateLue(date(annee, 7, 1), "semestre")
    assert lire_date(f"S2 {annee}").fin == date(annee, 12, 31)


def test_au_dela_de_deux_s_est_une_semaine() -> None:
    assert lire_date("S12 2024") == lire_date("semaine 12 2024") == DateLue(date(2024, 3, 18), "semaine")
    assert lire_date("S12 2024").fin == date(2024, 3, 24)


def test_mar_est_un_mardi_devant_un_jour_et_mars_devant_une_annee() -> None:
    assert lire_date("mar. 12 mars 2024").jour == date(2024, 3, 12)
    assert lire_date("mar 2024") == DateLue(date(2024, 3, 1), "mois")


@pytest.mark.parametrize(
    ("ecrit", "dit"),
    [
        ("", "vide"),
        (None, "vide"),
        ("fait", "« fait » n'est pas une date"),
        ("x", "n'est pas une date"),
        (True, "« oui » n'est pas une date"),
        (3, "n'est pas une date"),
        (99_999, "l'année 2173"),
        ("31/02/2024", "n'existe pas au calendrier"),
        ("03/13/2024", "le jour vient avant le mois"),
        ("31 avril 2024", "n'existe pas au calendrier"),
        ("13/2024", "n'existe pas au calendrier"),
        ("T5 2024", "« T5 2024 » : il y a quatre trimestres"),
        ("S53 2024", "cinquante-trois semaines"),
        ("12/03/1924", "l'année 1924"),
        (date(1954, 7, 7), "l'année 1954"),
        ("03/24", "ne dit pas l'année sans doute possible"),
        ("12 mars", "ne dit pas l'année"),
        ("mars", "ne dit pas l'année"),
        ("T2", "ne dit pas l'année"),
        ("fin mars 2024", "approchée"),
        ("mi-2024", "approchée"),
        ("été 2024", "approchée"),
        ("12/03/2024 (prévu)", "deux dates ou un commentaire"),
        ("mars 2024 ?", "deux dates ou un commentaire"),
        ("12/03/2024 ou 19/03/2024", "deux dates"),
    ],
)
def test_ce_qui_n_est_pas_une_date_sure_se_dit(ecrit: object, dit: str) -> None:
    with pytest.raises(DateIllisible) as faute:
        lire_date(ecrit)
    assert dit in str(faute.value)


@given(texte=st.text(max_size=40))
def test_aucun_texte_ne_fait_tomber_la_lecture(texte: str) -> None:
    try:
        assert lire_date(texte).jour.year in ANNEES
    except DateIllisible as faute:
        assert str(faute).endswith(".")
