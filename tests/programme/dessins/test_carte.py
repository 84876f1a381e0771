"""La carte en tuiles : tous les départements y sont, aucun n'en couvre un autre, les voisins se touchent."""

import csv
import re

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from programme.dessins import carte

REFERENTIEL = list(
    csv.DictReader((settings.RACINE / "fixtures/reference/departements.csv").open(encoding="utf-8"), delimiter=";")
)
REGIONS = {ligne["code"]: ligne["region"] for ligne in REFERENTIEL}
VOISINS = {
    "59": "62",
    "62": "80",
    "80": "60",
    "02": "08",
    "14": "61",
    "50": "14",
    "29": "22",
    "22": "56",
    "35": "53",
    "72": "61",
    "28": "45",
    "67": "68",
    "68": "90",
    "90": "25",
    "70": "88",
    "52": "10",
    "21": "52",
    "58": "89",
    "71": "58",
    "17": "85",
    "79": "86",
    "16": "24",
    "63": "03",
    "43": "15",
    "48": "12",
    "30": "48",
    "07": "26",
    "38": "73",
    "01": "39",
    "73": "74",
    "05": "04",
    "06": "04",
    "83": "04",
    "13": "84",
    "31": "09",
    "66": "11",
    "65": "64",
    "40": "33",
    "47": "82",
    "46": "15",
    "2A": "2B",
    "75": "92 93 94",
    "78": "92",
    "91": "92",
    "95": "93",
    "77": "75",
}
PAIRES = [(a, b) for a, voisins in VOISINS.items() for b in voisins.split()]


def test_chaque_departement_du_referentiel_a_sa_tuile() -> None:
    assert carte.sans_place(REGIONS) == []
    assert carte.sans_place(["33", "999"]) == ["999"]


def test_aucune_tuile_n_en_couvre_une_autre() -> None:
    places = [(p.colonne, p.rang) for p in [*carte.PLACES.values(), carte.PLACE_DE_LA_LOUPE]]
    assert len(set(places)) == len(places)
    for colonne, rang in places:
        assert 0 <= colonne * carte.COTE < carte.LARGEUR and 0 <= (rang + 1) * carte.COTE <= carte.HAUTEUR
    bas = max(p.rang for p in carte.PLACES.values() if p.cadre == "hexagone")
    assert bas + 1 < carte.RANG_DES_CARTOUCHES


@pytest.mark.parametrize("paire", PAIRES)
def test_des_voisins_se_touchent_au_moins_par_un_coin(paire: tuple[str, str]) -> None:
    a, b = (carte.PLACES[code] for code in paire)
    assert a.cadre == b.cadre and abs(a.colonne - b.colonne) <= 1 and abs(a.rang - b.rang) <= 1


def test_les_cartouches_tiennent_leurs_departements() -> None:
    assert {c for c, p in carte.PLACES.items() if p.cadre == "loupe"} == {c for c, r in REGIONS.items() if r == "11"}
    outre_mer = {c for c, p in carte.PLACES.items() if p.cadre == "outre-mer"}
    assert {c for c in REGIONS if c.startswith("97") or c.startswith("98")} <= outre_mer


def test_le_nord_est_en_haut_et_l_ouest_a_gauche() -> None:
    place = carte.PLACES
    assert place["59"].rang < place["75"].rang and place["62"].rang < place["31"].rang < place["66"].rang
    assert place["29"].colonne < place["35"].colonne < place["10"].colonne < place["67"].colonne < place["2A"].colonne


def test_le_contour_separe_les_regions_sans_couper_un_departement() -> None:
    traits = re.findall(r"M(\d+) (\d+)L(\d+) (\d+)", carte.contours(REGIONS))
    assert traits and len(set(traits)) == len(traits)
    segments = {tuple(map(int, t)) for t in traits}
    p = carte.PLACES["22"]
    entre = (
        (p.colonne) * carte.COTE,
        round(p.rang) * carte.COTE,
        p.colonne * carte.COTE,
        round(p.rang + 1) * carte.COTE,
    )
    assert entre not in segments, "entre le Finistère et les Côtes-d'Armor, même région"
    m = carte.PLACES["50"]
    sous = (
        m.colonne * carte.COTE,
        round(m.rang + 1) * carte.COTE,
        (m.colonne + 1) * carte.COTE,
        round(m.rang + 1) * carte.COTE,
    )
    assert sous in segments, "entre la Manche et l'Ille-et-Vilaine"


@given(st.integers(0, 10**6))
def test_un_compte_tombe_dans_un_palier_de_sa_legende(plus_grand: int) -> None:
    pas = carte.pas_de_compte(plus_grand)
    legende = carte.paliers_de_compte(plus_grand)
    assert 1 <= len(legende) <= 5 and [p.rang for p in legende] == list(range(len(legende)))
    assert carte.rang_de_compte(plus_grand, pas) == legende[-1].rang
    assert pas * 4 >= plus_grand and str(pas)[0] in "125" and set(str(pas)[1:]) <= {"0"}


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_un_plus_grand_compte_n_est_jamais_plus_clair(a: int, b: int) -> None:
    pas = carte.pas_de_compte(max(a, b))
    assert (carte.rang_de_compte(a, pas) <= carte.rang_de_compte(b, pas)) or a > b


@given(st.integers(0, 300), st.integers(1, 300))
def test_une_part_ne_se_lit_0_ou_100_que_si_elle_l_est(nombre: int, total: int) -> None:
    taux = min(nombre, total) / total
    chiffre, rang = int(carte.chiffre_de_part(taux)), carte.rang_de_part(taux)
    assert (chiffre == 0) == (taux == 0) == (rang == 0)
    assert (chiffre == 100) == (taux == 1)
    assert 0 <= rang <= 4 and len(carte.PALIERS_DE_PART) == 5
    assert abs(chiffre - taux * 100) < 1


@pytest.mark.parametrize(("taux", "rang"), [(0, 0), (0.01, 1), (0.249, 1), (0.25, 2), (0.5, 3), (0.75, 4), (1, 4)])
def test_paliers_de_part(taux: float, rang: int) -> None:
    assert carte.rang_de_part(taux) == rang


def test_la_legende_d_un_petit_compte_nomme_chaque_nombre() -> None:
    assert [p.libelle for p in carte.paliers_de_compte(3)] == ["aucun", "1", "2", "3"]
    assert [p.libelle for p in carte.paliers_de_compte(70)] == ["aucun", "1 à 20", "21 à 40", "41 à 60", "61 à 80"]
