"""Le numéro FINESS : neuf caractères, le dernier est une clé de Luhn.

Les deux premiers caractères sont le département ; la Corse s'écrit 2A ou 2B, que la clé
compte comme 21 et 22. Un tableur qui prend le numéro pour un nombre en perd le zéro de tête :
on le remet, on le dit, et la clé tranche.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

LONGUEUR = 9
MAXIMUM_LISTE = 2_000

# Double de chaque chiffre, retenue comprise : la règle de Luhn sans division.
_DOUBLES = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_FORME = re.compile(r"(?:[0-9]{2}|2[AB])[0-9]{7}")
_DECIMALES_DE_TABLEUR = re.compile(r"([0-9]{8,9})[.,]0+")
_A_RETIRER = re.compile(r"[\s.\-'\"\u200b\u2060\ufeff]+")
_SEPARATEURS = re.compile(r"[\r\n,;\t|]+")


class Defaut(StrEnum):
    """Ce qui cloche dans un numéro lu. ZERO_PERDU et DOUBLON laissent un numéro utilisable."""

    VIDE = "vide"
    CARACTERES = "caracteres"
    LONGUEUR = "longueur"
    CLE = "cle"
    ZERO_PERDU = "zero_perdu"
    DOUBLON = "doublon"


class ListeTropLongue(ValueError):
    """Plus de `MAXIMUM_LISTE` numéros collés d'un coup ; `args[0]` est la phrase à montrer."""


@dataclass(frozen=True, slots=True)
class Lecture:
    """Un numéro tel qu'il a été saisi, et ce qu'on en a compris.

    `numero` vaut None si rien d'utilisable n'a été lu ; `defaut` vaut None si tout va bien ;
    `message` est vide si tout va bien, sinon une phrase qui dit quoi et que faire.
    """

    texte: str
    numero: str | None
    defaut: Defaut | None = None
    message: str = ""


def normaliser(texte: str) -> str:
    """Retire espaces (même insécables), points, tirets et apostrophes ; met la Corse en capitales."""
    texte = texte.strip()
    decimales = _DECIMALES_DE_TABLEUR.fullmatch(texte)
    if decimales:
        texte = decimales[1]
    return _A_RETIRER.sub("", texte).upper()


def luhn_juste(chiffres: str) -> bool:
    """Vrai si la suite de chiffres (sans lettre) satisfait la règle de Luhn."""
    impairs = sum(map(int, chiffres[-1::-2]))
    return (impairs + sum(_DOUBLES[int(c)] for c in chiffres[-2::-2])) % 10 == 0


def est_valide(numero: str) -> bool:
    """Vrai pour neuf caractères déjà normalisés dont la clé est juste."""
    if not _FORME.fullmatch(numero):
        return False
    if numero[1] in "AB":
        numero = ("21" if numero[1] == "A" else "22") + numero[2:]
    return luhn_juste(numero)


def expliquer(texte: str) -> Lecture:
    """Lit un numéro saisi ou importé ; ne lève jamais."""
    numero = normaliser(texte)
    saisi = texte.strip()
    if est_valide(numero):
        return Lecture(saisi, numero)
    if not numero:
        return Lecture(saisi, None, Defaut.VIDE, "Le numéro FINESS est vide : saisissez ses neuf caractères.")
    defaut, message = _defaut(numero, saisi)
    if defaut is Defaut.ZERO_PERDU:
        return Lecture(saisi, "0" + numero, defaut, message)
    return Lecture(saisi, None, defaut, message)


def _defaut(numero: str, saisi: str) -> tuple[Defaut, str]:
    if not re.fullmatch(r"(?:2[AB])?[0-9]*", numero):
        if not any(c.isdecimal() for c in numero):
            return Defaut.CARACTERES, f"« {saisi[:30]} » n'est pas un numéro FINESS."
        return Defaut.CARACTERES, (
            f"« {numero[:30]} » contient autre chose que des chiffres : un numéro FINESS n'a que des chiffres, "
            "sauf 2A ou 2B en tête pour la Corse ; vérifiez notamment la lettre O mise pour un zéro."
        )
    if len(numero) == LONGUEUR - 1 and numero.isdecimal() and est_valide("0" + numero):
        return Defaut.ZERO_PERDU, (
            f"« {numero} » avait perdu son zéro de tête, sans doute dans un tableur : lu {pour_lecture('0' + numero)}, "
            "vérifiez que c'est bien lui."
        )
    if len(numero) != LONGUEUR:
        return Defaut.LONGUEUR, (
            f"« {numero[:30]} » a {len(numero)} caractère{'s' if len(numero) > 1 else ''} au lieu de neuf : "
            "recopiez le numéro FINESS en entier."
        )
    return Defaut.CLE, (
        f"« {pour_lecture(numero)} » n'est pas un numéro FINESS : son dernier chiffre, la clé, ne correspond pas "
        "aux autres ; vérifiez une faute de frappe ou deux chiffres inversés."
    )


def pour_lecture(numero: str) -> str:
    """`339900128` devient `33 990 012 8` ; un texte d'une autre longueur est rendu tel quel."""
    if len(numero) != LONGUEUR:
        return numero
    return f"{numero[:2]} {numero[2:5]} {numero[5:8]} {numero[8]}"


def lire_liste(texte: str) -> list[Lecture]:
    """Lit des numéros collés, séparés par lignes, virgules, points-virgules, tabulations ou espaces.

    Une espace peut séparer deux numéros ou aérer un seul (`33 990 012 8`) : on regroupe jusqu'à neuf
    caractères. Un numéro déjà lu plus haut revient avec `Defaut.DOUBLON`. Lève `ListeTropLongue`.
    """
    morceaux = [m for bloc in _SEPARATEURS.split(texte) for m in _decouper(bloc)]
    if len(morceaux) > MAXIMUM_LISTE:
        raise ListeTropLongue(
            f"La liste contient {len(morceaux)} numéros, le maximum est {MAXIMUM_LISTE} : collez-la en plusieurs fois."
        )
    lectures: list[Lecture] = []
    vus: set[str] = set()
    for morceau in morceaux:
        lecture = expliquer(morceau)
        if lecture.numero is not None and lecture.numero in vus:
            lecture = replace(lecture, defaut=Defaut.DOUBLON, message=_deja_lu(lecture.numero))
        elif lecture.numero is not None:
            vus.add(lecture.numero)
        lectures.append(lecture)
    return lectures


def _deja_lu(numero: str) -> str:
    return f"« {pour_lecture(numero)} » est déjà plus haut dans la liste : il n'est compté qu'une fois."


def numeros_distincts(lectures: Iterable[Lecture]) -> list[str]:
    """Les numéros utilisables, chacun une fois, dans l'ordre de saisie."""
    return list(dict.fromkeys(lecture.numero for lecture in lectures if lecture.numero))


def _decouper(bloc: str) -> list[str]:
    """Sépare les numéros d'un bloc sans virgule ni retour, en recollant ceux qu'on a aérés d'espaces."""
    groupes: list[list[str]] = []
    longueur = 0
    for jeton in bloc.split():
        taille = len(normaliser(jeton))
        if not taille:
            continue
        if not groupes or longueur + taille > LONGUEUR:
            groupes.append([])
            longueur = 0
        groupes[-1].append(jeton)
        longueur += taille
    return [" ".join(groupe) for groupe in groupes]
