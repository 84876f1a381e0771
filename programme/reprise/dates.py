"""Les dates telles qu'on les écrit dans un classeur, avec la précision qu'elles ont. Module pur.

Une date incomplète vaut le premier jour de ce qu'elle nomme. Le jour vient avant le mois : 03/13/2024 n'est pas lu.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from programme.socle.classeur import DATES_EN_NOMBRE, Cellule

Precision = Literal["jour", "semaine", "mois", "trimestre", "semestre", "annee"]

ANNEES = range(2000, 2100)
"""Ce qu'un suivi de déploiement peut dater ; deux chiffres se lisent 20.."""

FORME = "écrivez-la JJ/MM/AAAA"
VIDE = "La date est vide."
INCONNUE = f"« {{}} » n'est pas une date : {FORME}, ou « mars 2024 », « T2 2024 »."
SANS_ANNEE = f"« {{}} » ne dit pas l'année sans doute possible : {FORME}."
IMPOSSIBLE = f"« {{}} » n'existe pas au calendrier (le jour vient avant le mois) : {FORME}."
HORS_BORNES = f"« {{}} » : l'année {{}} ne va pas pour un suivi de déploiement : {FORME}."
APPROCHEE = "« {} » est une date approchée : écrivez un jour, ou le mois seul."
DEUX_DATES = "« {} » porte deux dates ou un commentaire : gardez une date seule dans la case."
PARTIE_FAUSSE = "« {} » : il y a quatre trimestres, deux semestres et cinquante-trois semaines au plus dans une année."

_MOIS = (
    ("janvier", "janv", "jan", "january"),
    ("fevrier", "fevr", "fev", "february", "feb"),
    ("mars", "mar", "march"),
    ("avril", "avr", "april", "apr"),
    ("mai", "may"),
    ("juin", "june", "jun"),
    ("juillet", "juil", "jul", "july"),
    ("aout", "aou", "august", "aug"),
    ("septembre", "sept", "sep", "september"),
    ("octobre", "oct", "october"),
    ("novembre", "nov", "november"),
    ("decembre", "dec", "december"),
)
_RANG = {nom: rang for rang, noms in enumerate(_MOIS, 1) for nom in noms}
# « mar. 12 mars » est un mardi ; « mar 2024 », un mois de mars.
_JOUR = re.compile(r"(?:(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|lun|mar|mer|jeu|ven|sam|dim)\.?,? (?=\d{1,2}\b)")
_NOMS = "|".join(sorted(_RANG, key=len, reverse=True))
_AN = r"(?P<a>\d{4}|\d{2})"
_TRAIT = r" ?[/.\- ] ?"
_HEURE = r"(?:[t ]\d{1,2}[:h]\d{2}(?::\d{2}(?:\.\d+)?)?z?)?"


class DateIllisible(ValueError):
    """Ce n'est pas une date ; `str()` est la phrase à montrer, qui dit quoi écrire."""


@dataclass(frozen=True)
class DateLue:
    """Le premier jour de ce qui est écrit, et sa précision."""

    jour: date
    precision: Precision

    @property
    def fin(self) -> date:
        """Le dernier jour de ce qui est écrit."""
        if self.precision in ("jour", "semaine"):
            return self.jour + timedelta(days=6 if self.precision == "semaine" else 0)
        mois = self.jour.month - 1 + {"mois": 1, "trimestre": 3, "semestre": 6, "annee": 12}[self.precision]
        return date(self.jour.year + mois // 12, mois % 12 + 1, 1) - timedelta(days=1)


def lire_date(valeur: Any) -> DateLue:
    """Lit une `Cellule`, une date, un nombre de série ou un texte. Lève `DateIllisible`, y compris pour le vide."""
    if isinstance(valeur, Cellule):
        valeur = valeur.valeur
    if isinstance(valeur, datetime):
        valeur = valeur.date()
    if isinstance(valeur, date):
        return _borner(DateLue(valeur, "jour"), f"{valeur:%d/%m/%Y}")
    if isinstance(valeur, bool):
        raise DateIllisible(INCONNUE.format("oui" if valeur else "non"))
    if isinstance(valeur, float) and not valeur.is_integer() and int(valeur) in DATES_EN_NOMBRE:
        # La partie décimale est une heure.
        valeur = int(valeur)
    if isinstance(valeur, float) and valeur.is_integer():
        valeur = int(valeur)
    return _lire_texte("" if valeur is None else " ".join(str(valeur).split()))


def _lire_texte(ecrit: str) -> DateLue:
    if not ecrit:
        raise DateIllisible(VIDE)
    dit = ecrit[:40]
    plat = _aplatir(ecrit)
    for motif, lire in _STYLES:
        if lu := motif.fullmatch(plat):
            try:
                lue = lire(lu)
            except (ValueError, OverflowError) as faute:
                phrase = PARTIE_FAUSSE if lire is _partie else IMPOSSIBLE
                raise DateIllisible(phrase.format(dit)) from faute
            return _borner(lue, dit)
    raise DateIllisible(_dire(plat).format(dit))


def _aplatir(ecrit: str) -> str:
    """Sans accents ni capitales, « 1er » et ses cousins réduits au nombre, blancs simples."""
    decompose = unicodedata.normalize("NFKD", ecrit.replace("–", "-").replace("—", "-").replace("‑", "-"))
    plat = "".join(c for c in decompose if not unicodedata.combining(c)).casefold()
    # « 2ᵉ » se décompose en « 2e ».
    plat = re.sub(r"\b(\d{1,2}) ?(?:er|ere|eme|e|nd|nde)\b", r"\1", plat)
    plat = " ".join(plat.split())
    return plat[jour.end() :] if (jour := _JOUR.match(plat)) else plat


def _borner(lue: DateLue, dit: str) -> DateLue:
    if lue.jour.year not in ANNEES:
        raise DateIllisible(HORS_BORNES.format(dit, lue.jour.year))
    return lue


def _an(texte: str) -> int:
    return int(texte) + (ANNEES.start if len(texte) == 2 else 0)


def _jour(lu: re.Match[str]) -> DateLue:
    return DateLue(date(_an(lu["a"]), int(lu["m"]), int(lu["j"])), "jour")


def _jour_en_lettres(lu: re.Match[str]) -> DateLue:
    return DateLue(date(_an(lu["a"]), _RANG[lu["m"]], int(lu["j"])), "jour")


def _mois(lu: re.Match[str]) -> DateLue:
    rang = _RANG.get(lu["m"]) or int(lu["m"])
    return DateLue(date(_an(lu["a"]), rang, 1), "mois")


def _partie(lu: re.Match[str]) -> DateLue:
    lettre, rang, an = lu["q"][0], int(lu["n"]), _an(lu["a"])
    if lettre in "tq" and 1 <= rang <= 4:
        return DateLue(date(an, 3 * rang - 2, 1), "trimestre")
    # « S1 » et « S2 » sont des semestres ; au-delà, et pour « sem. », ce sont des semaines.
    if lu["q"] in ("s", "semestre") and 1 <= rang <= 2:
        return DateLue(date(an, 6 * rang - 5, 1), "semestre")
    if lu["q"] in ("s", "semaine", "sem", "w") and 1 <= rang <= 53:
        return DateLue(date.fromisocalendar(an, rang, 1), "semaine")
    raise ValueError(lu[0])


def _annee(lu: re.Match[str]) -> DateLue:
    return DateLue(date(int(lu["a"]), 1, 1), "annee")


def _serie(lu: re.Match[str]) -> DateLue:
    # Le jour 1 des tableurs est le 1er janvier 1900, avec un 29 février 1900 qui n'a pas existé.
    return DateLue(date(1899, 12, 30) + timedelta(days=int(lu[0])), "jour")


_QUOI = r"(?P<q>trimestre|trim|t|q|semestre|semaine|sem|s|w)\.?"
_STYLES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], DateLue]], ...] = tuple(
    (re.compile(motif, re.ASCII), lire)
    for motif, lire in (
        (rf"(?P<j>\d{{1,2}}){_TRAIT}(?P<m>\d{{1,2}}){_TRAIT}{_AN}{_HEURE}", _jour),
        (rf"(?P<a>\d{{4}}) ?[/.\-] ?(?P<m>\d{{1,2}}) ?[/.\-] ?(?P<j>\d{{1,2}}){_HEURE}", _jour),
        (r"(?P<a>20\d{2})(?P<m>\d{2})(?P<j>\d{2})", _jour),
        (rf"(?P<j>\d{{1,2}}) ?[/.\- ]? ?(?P<m>{_NOMS})\.?{_TRAIT}{_AN}", _jour_en_lettres),
        (rf"(?:courant )?(?P<m>{_NOMS})\.?(?:{_TRAIT}|')?{_AN}", _mois),
        (r"(?P<m>\d{1,2}) ?[/.\-] ?(?P<a>\d{4})", _mois),
        (r"(?P<a>\d{4}) ?[/.\-] ?(?P<m>\d{1,2})", _mois),
        (rf"{_QUOI} ?(?P<n>\d{{1,2}})(?:{_TRAIT})?(?:de )?(?P<a>20\d{{2}})", _partie),
        (rf"{_QUOI} ?(?P<n>\d{{1,2}}){_TRAIT}(?P<a>\d{{2}})", _partie),
        (rf"(?P<n>\d{{1,2}}) ?{_QUOI}(?:{_TRAIT})?(?:de )?{_AN}", _partie),
        (rf"(?P<a>20\d{{2}})(?:{_TRAIT})?{_QUOI} ?(?P<n>\d{{1,2}})", _partie),
        (r"(?:courant |annee |en )?(?P<a>[12]\d{3})", _annee),
        (r"\d{5}", _serie),
    )
)

_APPROCHEE = re.compile(r"(?:fin|debut|mi|milieu|vers|environ|ete|hiver|automne|printemps|avant|apres|rentree)\b.*|~.*")
_SANS_ANNEE = re.compile(rf"\d{{1,2}} ?[/.\- ] ?\d{{1,2}}|\d{{1,2}} ?(?:{_NOMS})\.?|(?:{_NOMS})\.?|{_QUOI} ?\d{{1,2}}")
_DATE_DEDANS = re.compile(rf"\d{{1,2}}[/.\-]\d{{1,2}}[/.\-]\d{{2,4}}|(?:{_NOMS})\.? \d{{4}}")


def _dire(plat: str) -> str:
    """La phrase qui convient à ce qui n'a pas été lu."""
    if _APPROCHEE.fullmatch(plat):
        return APPROCHEE
    if _SANS_ANNEE.fullmatch(plat):
        return SANS_ANNEE
    return DEUX_DATES if _DATE_DEDANS.search(plat) else INCONNUE
