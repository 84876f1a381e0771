"""Nombres, taux, accords et listes en français."""

from decimal import Decimal

import pytest

from programme.socle import nombres

FINE = "\u202f"
INSECABLE = "\u00a0"


@pytest.mark.parametrize(
    ("valeur", "attendu"),
    [
        (34000, f"34{FINE}000"),
        (999, "999"),
        (0, "0"),
        (-1200, f"−1{FINE}200"),
        (62.4, "62,4"),
        (Decimal("1234.50"), f"1{FINE}234,50"),
    ],
)
def test_nombre_groupe(valeur, attendu: str) -> None:
    assert nombres.nombre(valeur) == attendu


def test_nombre_arrondi_a_la_demande() -> None:
    assert nombres.nombre(3.14159, 1) == "3,1"
    assert nombres.nombre(2.5, 0) == "3"


def test_une_valeur_absente_se_lit_comme_un_tiret() -> None:
    assert nombres.nombre(None) == nombres.pourcentage(None) == nombres.finess(None) == "—"


@pytest.mark.parametrize(
    ("taux", "attendu"),
    [(0.64, f"64{FINE}%"), (0, f"0{FINE}%"), (1, f"100{FINE}%"), (0.125, f"13{FINE}%"), (1.5, f"150{FINE}%")],
)
def test_pourcentage(taux: float, attendu: str) -> None:
    assert nombres.pourcentage(taux) == attendu


def test_l_arrondi_ne_ment_pas_aux_bords() -> None:
    assert nombres.pourcentage(0.998) == f"99{FINE}%"
    assert nombres.pourcentage(0.002) == f"<{INSECABLE}1{FINE}%"
    assert nombres.pourcentage(0.9999, 1) == f"99,9{FINE}%"


@pytest.mark.parametrize(("taux", "attendu"), [(0.64, "64.0%"), (None, "0.0%"), (1.7, "100.0%"), (-1, "0.0%")])
def test_largeur_svg_reste_dans_le_dessin(taux: float | None, attendu: str) -> None:
    assert nombres.largeur_svg(taux) == attendu


@pytest.mark.parametrize(
    ("valeur", "attendu"),
    [(None, "0 avertit"), (0, "0 avertit"), (1, "1 avertit"), (2, "2 avertissent"), (1200, f"1{FINE}200 avertissent")],
)
def test_le_pluriel_commence_a_deux(valeur: int | None, attendu: str) -> None:
    assert nombres.accorde(valeur, "avertit,avertissent") == attendu


def test_une_seule_forme_prend_un_s_sauf_si_elle_en_porte_un() -> None:
    assert nombres.accorde(3, "condition") == "3 conditions"
    assert nombres.accorde(3, "ESMS") == "3 ESMS"
    assert nombres.accorde(3, "OG,OG") == "3 OG"


@pytest.mark.parametrize(
    ("numero", "attendu"),
    [
        ("339900128", "33 990 012 8"),
        ("33 990 012 8", "33 990 012 8"),
        ("2A0000127", "2A 000 012 7"),
        ("33990012", "33990012"),
    ],
)
def test_finess_tel_qu_on_le_dicte(numero: str, attendu: str) -> None:
    assert nombres.finess(numero).replace(INSECABLE, " ") == attendu


def test_finess_ne_se_coupe_pas_en_bout_de_ligne() -> None:
    assert " " not in nombres.finess("339900128")


@pytest.mark.parametrize(
    ("elements", "attendu"), [([], ""), (["a"], "a"), (["a", "b"], "a et b"), (["a", "b", "c"], "a, b et c")]
)
def test_liste(elements: list[str], attendu: str) -> None:
    assert nombres.liste(elements) == attendu


@pytest.mark.parametrize(
    ("elements", "montres", "attendu"),
    [("", 2, ""), ("ab", 2, "a et b"), ("abc", 2, "a, b et c"), ("abcd", 2, "a, b et 2 autres")],
    ids=["rien", "juste", "un de trop se nomme", "deux de trop se comptent"],
)
def test_quelques(elements: str, montres: int, attendu: str) -> None:
    assert nombres.quelques(elements, montres) == attendu
