"""Le numéro FINESS : clé, zéro perdu, listes collées."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from programme.socle.finess.numero import (
    MAXIMUM_LISTE,
    Defaut,
    ListeTropLongue,
    est_valide,
    expliquer,
    lire_liste,
    luhn_juste,
    normaliser,
    numeros_distincts,
    pour_lecture,
)

PREFIXES = st.sampled_from([f"{n:02d}" for n in range(1, 99)] + ["2A", "2B"])


@st.composite
def numeros(draw):
    debut = draw(PREFIXES) + draw(st.text("0123456789", min_size=6, max_size=6))
    chiffres = debut.replace("2A", "21", 1) if debut[1] == "A" else debut.replace("2B", "22", 1)
    return debut + next(cle for cle in "0123456789" if luhn_juste(chiffres + cle))


@given(numeros())
def test_tout_numero_a_cle_construite_est_valide(numero):
    assert est_valide(numero)
    assert expliquer(numero).defaut is None


@given(numeros(), st.integers(2, 8), st.sampled_from("0123456789"))
def test_changer_un_chiffre_casse_la_cle(numero, rang, chiffre):
    assume(numero[rang] != chiffre)
    faux = numero[:rang] + chiffre + numero[rang + 1 :]
    assert not est_valide(faux)
    assert expliquer(faux).defaut is Defaut.CLE


@given(numeros())
def test_aller_retour_entre_lecture_et_forme_normale(numero):
    assert normaliser(pour_lecture(numero)) == numero
    assert normaliser(pour_lecture(numero).lower().replace(" ", "\u202f")) == numero


@given(st.text())
def test_expliquer_ne_leve_jamais_et_dit_toujours_pourquoi(texte):
    lecture = expliquer(texte)
    assert lecture.numero is None or est_valide(lecture.numero)
    assert bool(lecture.message) == (lecture.defaut is not None)


@given(st.lists(numeros(), unique=True, max_size=20), st.sampled_from(["\n", ", ", ";", "\t", " ", "\r\n"]))
def test_une_liste_collee_se_relit_quel_que_soit_le_separateur(attendus, separateur):
    assert numeros_distincts(lire_liste(separateur.join(attendus))) == attendus
    assert numeros_distincts(lire_liste(separateur.join(map(pour_lecture, attendus)))) == attendus


@pytest.mark.parametrize("numero", ["2A0002408", "2B0002638", "970104303", "010780195", "940711344"])
def test_numeros_reels(numero):
    assert est_valide(numero)


@pytest.mark.parametrize(
    "texte", ["", "01078019", "0107801955", "2a0002408", "2C0002408", "01078019\u0665", "330799012\n"]
)
def test_la_forme_est_stricte(texte):
    assert not est_valide(texte)


@pytest.mark.parametrize(
    ("texte", "defaut", "dans_le_message"),
    [
        ("   ", Defaut.VIDE, "neuf caractères"),
        ("33O799012", Defaut.CARACTERES, "lettre O"),
        ("EHPAD", Defaut.CARACTERES, "« EHPAD »"),
        ("33079901", Defaut.LONGUEUR, "8 caractères au lieu de neuf"),
        ("3", Defaut.LONGUEUR, "1 caractère au"),
        ("3307990120", Defaut.LONGUEUR, "10 caractères"),
        ("010780196", Defaut.CLE, "clé"),
    ],
)
def test_chaque_defaut_se_dit(texte, defaut, dans_le_message):
    lecture = expliquer(texte)
    assert (lecture.numero, lecture.defaut) == (None, defaut)
    assert dans_le_message in lecture.message


@pytest.mark.parametrize("texte", ["10780195", "10780195.0", " 10 780 195 "])
def test_zero_perdu_remis_et_signale(texte):
    lecture = expliquer(texte)
    assert (lecture.numero, lecture.defaut) == ("010780195", Defaut.ZERO_PERDU)
    assert "01 078 019 5" in lecture.message


def test_ecritures_courantes():
    assert normaliser("33.990.012-8") == normaliser("'339900128") == normaliser("33\u00a0990 012\u202f8") == "339900128"
    assert normaliser("2a 000 240 8") == "2A0002408"
    assert pour_lecture("339900128") == "33 990 012 8"
    assert pour_lecture("33") == "33"


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("33 990 012 8", ["33 990 012 8"]),
        ("010780195 010011914", ["010780195", "010011914"]),
        ("01 078 019 5 01 001 191 4", ["01 078 019 5", "01 001 191 4"]),
        ("10780195 010011914", ["10780195", "010011914"]),
        ("EHPAD 010780195", ["EHPAD", "010780195"]),
        ("\n ; ,, \t", []),
    ],
)
def test_l_espace_aere_un_numero_ou_en_separe_deux(texte, attendu):
    assert [lecture.texte for lecture in lire_liste(texte)] == attendu


def test_le_doublon_est_signale_et_compte_une_fois():
    lectures = lire_liste("010780195\n01 078 019 5\n10780195\n999")
    assert [lecture.defaut for lecture in lectures] == [None, Defaut.DOUBLON, Defaut.DOUBLON, Defaut.LONGUEUR]
    assert numeros_distincts(lectures) == ["010780195"]


def test_une_liste_trop_longue_est_refusee_entiere():
    assert len(lire_liste("1\n" * MAXIMUM_LISTE)) == MAXIMUM_LISTE
    with pytest.raises(ListeTropLongue, match="2001 numéros"):
        lire_liste("1\n" * (MAXIMUM_LISTE + 1))
