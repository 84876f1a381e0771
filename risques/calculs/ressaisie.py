"""Reprendre une grille de papier par ses codes courts : « P01 7 ; P02 3 ; P03 so ». Module pur.

Une ligne ou plusieurs ; point-virgule, virgule, tabulation, deux-points, égal ou blanc séparent. Chaque faute dit sa
ligne et quoi faire. Ce qui tient à la grille (échelle, condition) se vérifie ensuite, sur les mêmes lignes.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

LIGNES_AU_PLUS = 400
SIGNES_AU_PLUS = 20_000
FAUTES_AU_PLUS = 50
"""Celles qu'on montre : un texte entier mal collé en ferait des milliers, toutes les mêmes."""
SANS_OBJET = "so"

_SEPARATEURS = re.compile(r"[;,:=\s\u00a0\u202f|]+")
_SO = re.compile(r"\bsans\s+objet\b|\bs[./]o\b\.?", re.IGNORECASE)
_NOTE = re.compile(r"(\d{1,4})(?:/\d{1,4})?", re.ASCII)


class TropLong(ValueError):
    """Un texte qui ne peut pas être une grille ; le message se lit à l'écran."""


@dataclass(frozen=True, slots=True)
class Saisie:
    """Une réponse lue : son code, sa note (None : sans objet), et la ligne où elle est, à partir de 1."""

    code: str
    valeur: int | None
    ligne: int = 1

    @property
    def sans_objet(self) -> bool:
        """Vrai si c'est « so »."""
        return self.valeur is None


@dataclass(frozen=True, slots=True)
class Faute:
    """Ce qui ne se lit pas : la ligne, à partir de 1, et une phrase."""

    ligne: int
    phrase: str


@dataclass(frozen=True, slots=True)
class Lecture:
    """Ce qu'un texte dit, dans l'ordre, et ce qui n'y va pas."""

    saisies: tuple[Saisie, ...]
    fautes: tuple[Faute, ...]


def ecrire(saisies: Iterable[Saisie]) -> str:
    """Les mêmes réponses, une par ligne : l'inverse de `lire`."""
    return "\n".join(f"{s.code} {SANS_OBJET if s.valeur is None else s.valeur}" for s in saisies)


def lire(texte: str, codes: Collection[str]) -> Lecture:
    """Lit un texte ; `codes` : ceux de la grille, en majuscules. Lève `TropLong`."""
    lignes = texte.splitlines()
    if len(lignes) > LIGNES_AU_PLUS or len(texte) > SIGNES_AU_PLUS:
        raise TropLong(f"{len(lignes)} lignes : une grille en tient {LIGNES_AU_PLUS} au plus.")
    lecteur = _Lecteur(frozenset(codes))
    for numero, ligne in enumerate(lignes, 1):
        lecteur.lire_ligne(numero, ligne)
    return Lecture(tuple(lecteur.saisies.values()), tuple(lecteur.fautes))


class _Lecteur:
    """Un code, puis sa note ; une faute n'arrête pas la lecture."""

    def __init__(self, codes: frozenset[str]) -> None:
        self.codes = codes
        self.saisies: dict[str, Saisie] = {}
        self.fautes: list[Faute] = []

    def lire_ligne(self, numero: int, ligne: str) -> None:
        """Les paires d'une ligne : un code et sa note ne se coupent pas d'une ligne à l'autre."""
        mots = [m for m in _SEPARATEURS.split(_SO.sub(f" {SANS_OBJET} ", ligne)) if m]
        while mots:
            code = mots.pop(0)
            if code.upper() not in self.codes:
                self._inconnu(numero, code, mots)
            elif not mots or not _est_une_note(mots[0]):
                self._sans_note(numero, code, mots)
            else:
                self._garder(numero, code.upper(), mots.pop(0))

    def _inconnu(self, numero: int, mot: str, suite: list[str]) -> None:
        if _est_une_note(mot):
            self._dire(numero, f"« {_court(mot)} » n'a pas de code devant : écrivez par exemple P01 {_court(mot)}.")
            return
        if suite and _est_une_note(suite[0]) and suite[0].upper() not in self.codes:
            suite.pop(0)
        self._dire(numero, f"« {_court(mot)} » n'est pas un code de cette grille : relisez-le sur le papier.")

    def _sans_note(self, numero: int, code: str, suite: list[str]) -> None:
        if suite and suite[0].upper() not in self.codes:
            lu = suite.pop(0)
            self._dire(numero, f"{code.upper()} : « {_court(lu)} » n'est pas une note, ni « so ».")
        else:
            self._dire(numero, f"{code.upper()} n'a pas de note : ajoutez-la, ou retirez le code.")

    def _garder(self, numero: int, code: str, mot: str) -> None:
        if code in self.saisies:
            deja = self.saisies[code].ligne
            self._dire(numero, f"{code} est déjà donné ligne {deja} : gardez-en un seul.")
            return
        note = _NOTE.fullmatch(mot)
        self.saisies[code] = Saisie(code, int(note[1]) if note else None, numero)

    def _dire(self, ligne: int, phrase: str) -> None:
        self.fautes.append(Faute(ligne, phrase))


def a_montrer(fautes: Iterable[Faute]) -> tuple[tuple[Faute, ...], int]:
    """Les premières fautes, dans l'ordre des lignes, et combien d'autres suivent."""
    rangees = sorted(fautes, key=lambda f: f.ligne)
    return tuple(rangees[:FAUTES_AU_PLUS]), max(0, len(rangees) - FAUTES_AU_PLUS)


def _est_une_note(mot: str) -> bool:
    return mot.lower() == SANS_OBJET or bool(_NOTE.fullmatch(mot))


def _court(mot: str) -> str:
    return mot if len(mot) <= 20 else f"{mot[:19]}…"
