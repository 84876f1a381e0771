"""La garde des NIR, à grande échelle : mille vrais refusés sous toutes leurs écritures, mille autres numéros admis.

Tous les numéros sont tirés au sort sur une graine fixe : aucun n'est celui de quelqu'un.
"""

import random
from collections.abc import Callable, Iterator

import pytest
from django import forms
from django.core.exceptions import ValidationError
from stdnum import luhn

from programme.forms.champs import GardeNir
from programme.socle.champs import SaisieLibre, TexteCourtField, TexteLibreField
from programme.socle.texte import cle_nir, trouver_nir

NOMBRE = 1000
BLOCS = (0, 1, 3, 5, 7, 10, 13, 15)
Numeros = Callable[[], list[str]]


def _nirs() -> list[str]:
    """Mille NIR et INS distincts à clé juste, dont la Corse, l'outre-mer, l'étranger, des mois inconnus."""
    tirage = random.Random(2026)
    departements = ["2A", "2B", "2a", "2b", "99", *(f"{d:02d}" for d in range(1, 96)), "97", "98"]
    tires: dict[str, None] = {}
    while len(tires) < NOMBRE:
        rang = len(tires)
        departement = departements[rang % 4] if rang < NOMBRE // 4 else tirage.choice(departements)
        mois = tirage.choice([*range(1, 13), 20, 31, 42, 50, 99])
        treize = f"{tirage.choice('123478')}{tirage.randrange(100):02d}{mois:02d}{departement}"
        treize += f"{tirage.randrange(1, 1000):03d}{tirage.randrange(1, 1000):03d}"
        tires[f"{treize}{cle_nir(treize):02d}"] = None
    return list(tires)


def _en_blocs(separateur: str) -> Callable[[str], str]:
    return lambda nir: separateur.join(nir[a:b] for a, b in zip(BLOCS, BLOCS[1:], strict=False))


def _pleine_largeur(nir: str) -> str:
    """Chiffres et lettres d'un clavier asiatique, ou d'un copier-coller de PDF."""
    return "".join(chr(ord(c) + 0xFEE0) for c in nir)


ECRITURES: dict[str, Callable[[str], str]] = {
    "collé": str,
    "espaces": _en_blocs(" "),
    "points": _en_blocs("."),
    "tirets": _en_blocs("-"),
    "barres": _en_blocs(" / "),
    "soulignés": _en_blocs("_"),
    "insécables": _en_blocs("\u00a0"),
    "fines insécables": _en_blocs("\u202f"),
    "tirets insécables": _en_blocs("\u2011"),
    "tabulations": _en_blocs("\t"),
    "espaces nulles": lambda nir: "\u200b".join(nir),
    "chiffre à chiffre": lambda nir: " ".join(nir),
    "pleine largeur": _pleine_largeur,
    "pleine largeur espacée": lambda nir: _en_blocs("\u3000")(_pleine_largeur(nir)),
    "une case par chiffre": lambda nir: " | ".join(nir),
    "clé à part": lambda nir: f"{nir[:13]} clé {nir[13:]}",
    "clé entre parenthèses": lambda nir: f"{nir[:13]} (clé : {nir[13:]})",
}
PHRASES = ("{}", "Usager n°{}, à revoir.", "NIR{}", "le dossier({})bloque", "Appel du 3, {}; 2 relances", "vu,{}")


class Saisie(GardeNir, forms.Form):
    """Un formulaire ordinaire, gardé comme tous."""

    ligne = forms.CharField(required=False, strip=False)


def _refus() -> Iterator[tuple[str, Callable[[str], object]]]:
    """Les quatre entrées d'un texte : deux champs de modèle, un champ de formulaire, un formulaire gardé."""
    libre, court, saisie = TexteLibreField(), TexteCourtField(max_length=500), SaisieLibre()
    yield "TexteLibreField", lambda texte: libre.clean(texte, None)
    yield "TexteCourtField", lambda texte: court.clean(texte, None)
    yield "SaisieLibre", saisie.clean
    yield "GardeNir", lambda texte: Saisie().fields["ligne"].clean(texte)


ENTREES = dict(_refus())


def _passe(entree: str, texte: str) -> bool:
    try:
        ENTREES[entree](texte)
    except ValidationError as refus:
        assert refus.error_list[0].code == "nir", refus
        return False
    return True


def test_les_mille_nirs_sont_de_vrais_nirs_dont_un_quart_de_corses() -> None:
    nirs = _nirs()
    assert len(set(nirs)) == NOMBRE
    assert sum(nir[5:7].upper() in {"2A", "2B"} for nir in nirs) >= NOMBRE // 4


@pytest.mark.parametrize("entree", ENTREES)
@pytest.mark.parametrize("ecriture", ECRITURES)
def test_mille_nirs_sont_tous_refuses(ecriture: str, entree: str) -> None:
    textes = (PHRASES[n % len(PHRASES)].format(ECRITURES[ecriture](nir)) for n, nir in enumerate(_nirs()))
    assert [texte for texte in textes if _passe(entree, texte)] == []


@pytest.mark.parametrize("coupe", ["\n", "\r\n", "-\n", "\n> ", "\n" + " " * 24, " \u2028\t"])
def test_mille_nirs_coupes_par_un_retour_a_la_ligne_sont_tous_refuses(coupe: str) -> None:
    """La coupe tombe à chacune des quatorze places, collé ou en blocs."""
    passes = []
    for rang, nir in enumerate(_nirs()):
        ecrit = nir if rang % 2 else _en_blocs(" ")(nir)
        place = 1 + rang % (len(ecrit) - 1)
        texte = f"Le numéro {ecrit[:place]}{coupe}{ecrit[place:]} est sur la photo"
        passes += [texte] if _passe("TexteLibreField", texte) else []
    assert passes == []


# --- ce qui ressemble, et qui passe ----------------------------------------------------------------------------------


def _telephones() -> list[str]:
    tirage = random.Random(33)
    ecrits = []
    for rang in range(NOMBRE):
        dix = f"0{tirage.randrange(1, 10)}{tirage.randrange(10**8):08d}"
        paires = [dix[n : n + 2] for n in range(0, 10, 2)]
        ecrits.append(
            (dix, " ".join(paires), ".".join(paires), "-".join(paires), f"+33 {dix[1]} {' '.join(paires[1:])}")[
                rang % 5
            ]
        )
    return ecrits


def _avec_cle(racine: str) -> str:
    return racine + luhn.calc_check_digit(racine)


def _finess() -> list[str]:
    tirage = random.Random(9)
    numeros = (_avec_cle(f"{tirage.randrange(1, 96):02d}{tirage.randrange(10**6):06d}") for _ in range(NOMBRE))
    return [n if rang % 2 else f"{n[:2]} {n[2:5]} {n[5:8]} {n[8]}" for rang, n in enumerate(numeros)]


def _siret() -> list[str]:
    tirage = random.Random(14)
    sirens = (_avec_cle(f"{tirage.randrange(10**7, 10**8)}") for _ in range(NOMBRE))
    numeros = (_avec_cle(f"{s}{tirage.randrange(1, 999):04d}") for s in sirens)
    return [n if rang % 2 else f"{n[:3]} {n[3:6]} {n[6:9]} {n[9:]}" for rang, n in enumerate(numeros)]


def _dossiers() -> list[str]:
    tirage = random.Random(5)
    formes = ("2026-{:06d}", "DUI/2026/{:05d}", "D{:08d}", "{:010d}", "INC-{:07d}-2", "{:012d}")
    return [formes[n % len(formes)].format(tirage.randrange(10**5)) for n in range(NOMBRE)]


NUMEROS: dict[str, Numeros] = {
    "téléphones": _telephones,
    "FINESS": _finess,
    "SIRET": _siret,
    "numéros de dossier": _dossiers,
}
AUTOUR = ("{}", "Voir {}, merci.", "{}, {} places", "{} ({}/5)", "le {1} : {0}", "n°{} - {} relances", "{}\nle soir")


@pytest.mark.parametrize("entree", ENTREES)
@pytest.mark.parametrize("numeros", NUMEROS)
def test_mille_numeros_ordinaires_sont_tous_admis(numeros: str, entree: str) -> None:
    ecrits = NUMEROS[numeros]()
    assert len(ecrits) == NOMBRE
    textes = (AUTOUR[rang % len(AUTOUR)].format(n, 1 + rang % 9) for rang, n in enumerate(ecrits))
    assert [texte for texte in textes if not _passe(entree, texte)] == []


def test_un_siret_et_un_chiffre_apres_lui_ne_font_pas_un_nir() -> None:
    """Quinze chiffres, et une fois sur cent soixante la clé tombe juste : on refusait « SIRET …, 3 places »."""
    refuses = [f"{n}, {k} places" for n in _siret() for k in range(1, 10) if trouver_nir(f"{n}, {k} places")]
    assert refuses == []


def test_deux_dates_qui_se_suivent_ne_font_pas_un_nir() -> None:
    dates = [
        f"{jour}/{mois:02d}/2026 - {fin}/{mois:02d}/202{an}"
        for jour in range(1, 10)
        for mois in range(1, 13)
        for fin in range(10, 29)
        for an in range(6, 9)
    ]
    assert [d for d in dates if trouver_nir(d)] == []
