"""Ce qu'on relie d'un fichier : ses intitulés à des colonnes attendues, ses mots à des valeurs. Module pur."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl.utils import get_column_letter

from programme.socle.texte import normaliser

ESMS = "esms"
"""Le code de la colonne de l'ESMS, le même partout : numéro FINESS, ou nom."""
RIEN = "-"
"""Valeur d'un mot dont on ne reprend rien."""

SANS_COLONNE = "Reliez la colonne « {} » : sans elle, rien ne se lit."
COLONNE_PARTIE = "Une colonne reliée n'est pas dans cette feuille : vérifiez la feuille et la ligne d'en-tête."
DEUX_COLONNES = "« {} » est relié à deux colonnes : n'en gardez qu'une."
INTITULE_DOUBLE = "L'intitulé relié à « {} » est là plusieurs fois ({}) : il leur faut des noms différents."

Traducteur = Callable[[str, str], str | None]
"""(code de colonne, mot écrit) → valeur de Treille, ou None : à relier."""


@dataclass(frozen=True)
class Choix:
    """Une valeur que Treille attend : sa clé, comment on la lit, et les autres façons de l'écrire."""

    cle: str
    libelle: str
    autres: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rencontre:
    """Un mot du fichier : tel qu'écrit la première fois, combien de fois, et la place de la première."""

    mot: str
    nombre: int
    place: str


@dataclass
class Reglages:
    """Ce qu'une correspondance retient d'un fichier.

    `colonnes` : intitulé normalisé → code. `valeurs` : code → {mot normalisé → valeur}. `lecture` : feuille, ligne et
    nombre de lignes d'en-tête. `entetes` et `mots` (code → {mot normalisé → tel qu'écrit}) : de quoi rendre la feuille.
    """

    lecture: dict[str, Any]
    colonnes: dict[str, str]
    valeurs: dict[str, dict[str, Any]] = field(default_factory=dict)
    entetes: list[str] = field(default_factory=list)
    mots: dict[str, dict[str, str]] = field(default_factory=dict)


def rangs(entetes: Sequence[str], colonnes: Mapping[str, str], attendues: Mapping[str, Any]) -> dict[str, int]:
    """Code attendu → rang de sa colonne, à partir de 0. `colonnes` : intitulé normalisé → code."""
    rendu: dict[str, int] = {}
    for rang, entete in enumerate(entetes):
        code = colonnes.get(normaliser(entete), "") if entete else ""
        if code in attendues:
            rendu.setdefault(code, rang)
    return rendu


def controler(
    entetes: Sequence[str], colonnes: Mapping[str, str], attendues: Mapping[str, str], indispensables: Sequence[str]
) -> list[str]:
    """Ce qui empêche de lire tout le fichier, en phrases. `attendues` : code → intitulé, dans l'ordre de l'écran."""
    places: dict[str, list[str]] = {}
    for rang, entete in enumerate(entetes, 1):
        if entete:
            places.setdefault(normaliser(entete), []).append(get_column_letter(rang))
    reliees = {intitule: code for intitule, code in colonnes.items() if code in attendues}
    codes = list(reliees.values())
    fautes = [] if reliees.keys() <= places.keys() else [COLONNE_PARTIE]
    fautes += [DEUX_COLONNES.format(attendues[c]) for c in attendues if codes.count(c) > 1]
    fautes += [
        INTITULE_DOUBLE.format(attendues[code], f"colonnes {', '.join(places[intitule])}")
        for intitule, code in reliees.items()
        if len(places.get(intitule, [])) > 1
    ]
    return fautes + [SANS_COLONNE.format(attendues[c]) for c in indispensables if c not in codes]
