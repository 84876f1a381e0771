"""Noms FINESS rendus lisibles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.socle.finess.casse import adoucir
from programme.socle.texte import normaliser


@pytest.mark.parametrize(
    ("ecrit", "lu"),
    [
        ("FAM LA ROCHE FLEURIE", "FAM La Roche Fleurie"),
        ("SAVS DE LA FRETA", "SAVS de la Freta"),
        ("DITEP L'ARC-EN-CIEL", "DITEP L'Arc-en-Ciel"),
        ("EHPAD CHATEAU D'ANGEVILLE", "EHPAD Chateau d'Angeville"),
        ("S.A.V.S. - ORSAC - BOURG", "S.A.V.S. - Orsac - Bourg"),
        ("ORSAC", "ORSAC"),
        ("CHRS 76", "CHRS 76"),
        ("LA CLEF (ANNEXE DE LA CLE DES CHAMPS)", "La Clef (Annexe de la Cle des Champs)"),
        ("BOURG EN BRESSE", "Bourg en Bresse"),
        ("Résidence déjà lisible", "Résidence déjà lisible"),
        ("", ""),
    ],
)
def test_les_noms_se_lisent(ecrit: str, lu: str) -> None:
    assert adoucir(ecrit) == lu


@given(st.text(alphabet="ABCDEÉ' -.()0123456789abc", max_size=40))
def test_rien_ne_change_que_la_casse(nom: str) -> None:
    assert adoucir(nom).upper() == nom.upper()
    assert normaliser(adoucir(nom)) == normaliser(nom)
    assert adoucir(adoucir(nom)) == adoucir(nom)
