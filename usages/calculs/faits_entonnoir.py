"""Les faits que l'outil sait calculer d'une unité, et comment ils se disent. Module pur."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from programme.enums import Secteur, TypeProjet
from programme.socle.nombres import nombre
from usages.calculs.unites_entonnoir import Unite, Valeur

_NOMBRE = re.compile(r"\d{1,4}\.\d{1,2}")
"""Une note gardée en texte : « 66.5 » ; un entier se lit tel quel, un identifiant aussi."""

MIXTE = "mixte"
"""D'une grappe où tous n'ont pas la même valeur."""

OUTRE_MER = ("Guadeloupe", "Martinique", "Guyane", "La Réunion", "Mayotte")
HORS_HEXAGONE = ("Corse", *OUTRE_MER)


@dataclass(frozen=True, slots=True)
class FaitConnu:
    """Un fait : son mot, et ce que disent ses valeurs. `sur` : la note la plus haute, si c'en est une."""

    code: str
    libelle: str
    valeurs: Mapping[str, str] = field(default_factory=dict, hash=False)
    sur: int = 0


_SECTEURS = dict(Secteur.choices) | {MIXTE: "Plusieurs secteurs"}
_TYPES = dict(TypeProjet.choices) | {MIXTE: "Plusieurs types"}

CONNUS: Mapping[str, FaitConnu] = {
    f.code: f
    for f in (
        FaitConnu("type", "type de projet", _TYPES),
        FaitConnu("vsr", "VSR signée"),
        FaitConnu("nb_og", "nombre d'OG de la grappe"),
        FaitConnu("plus_grand_og", "ESMS du plus grand OG"),
        FaitConnu("esms", "ESMS dans la grappe"),
        FaitConnu("region", "région"),
        FaitConnu("secteur", "secteur", _SECTEURS),
        FaitConnu("etat", "état"),
        FaitConnu("annee", "année de financement"),
        FaitConnu("solution", "solution"),
        FaitConnu("editeur", "éditeur"),
        FaitConnu("projet", "projet"),
        FaitConnu("finess", "FINESS"),
        FaitConnu("total", "note du questionnaire", sur=100),
        FaitConnu("motivation", "motivation", sur=5),
        FaitConnu("transmission", "capacité à transmettre", sur=5),
        FaitConnu("deploiement", "avancement du déploiement", sur=10),
        FaitConnu("utilisation", "niveau d'utilisation", sur=10),
        FaitConnu("metiers", "effets sur les métiers", sur=20),
        FaitConnu("autodetermination", "autodétermination", sur=20),
        FaitConnu("accompagnements", "effets sur les accompagnements", sur=20),
        FaitConnu("qvct", "QVCT", sur=10),
        FaitConnu("efficience", "efficience", sur=10),
    )
}
NOTES_A_LA_MAIN = ("motivation", "transmission")
"""Ce que l'équipe note elle-même, projet par projet."""


def libelle_du_fait(code: str) -> str:
    """« type de projet » ; le code tel quel s'il n'est pas connu."""
    return CONNUS[code].libelle if code in CONNUS else code.replace("_", " ")


def valeur_dite(code: str, valeur: Valeur) -> str:
    """« Handicap, adultes », « oui », « on ne sait pas »."""
    if valeur is None or valeur == "":
        return "on ne sait pas"
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    connu = CONNUS.get(code)
    if _NOMBRE.fullmatch(str(valeur)):
        return nombre(Decimal(str(valeur)).normalize())
    return connu.valeurs.get(str(valeur), str(valeur)) if connu else str(valeur)


def faits_dits(unite: Unite) -> list[tuple[str, str]]:
    """Ses faits en clair : (« secteur », « Domicile »)."""
    return [(libelle_du_fait(code), valeur_dite(code, valeur)) for code, valeur in unite.faits.items()]


def faits_de(unites: Iterable[Unite]) -> list[tuple[str, str]]:
    """(code, mot) de tous les faits que portent ces unités : les connus d'abord, dans leur ordre."""
    presents: dict[str, Any] = {}
    for unite in unites:
        presents |= dict.fromkeys(unite.faits)
    ranges = [c for c in CONNUS if c in presents] + sorted(c for c in presents if c not in CONNUS)
    return [(code, libelle_du_fait(code)) for code in ranges]


def valeurs_de(unites: Iterable[Unite], fait: str) -> list[tuple[str, str]]:
    """(valeur, mot) des textes que ces unités portent à ce fait."""
    lues = {v for u in unites if isinstance(v := u.faits.get(fait), str) and v}
    return sorted(((v, valeur_dite(fait, v)) for v in lues), key=lambda couple: couple[1])
