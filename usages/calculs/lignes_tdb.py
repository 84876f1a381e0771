"""Le « tableau de bord ESMS » lu en flux : ses colonnes par intitulé et rang, une ligne par ESMS. Module pur.

L'export a plus de trois cents colonnes, et des intitulés en double qui ne disent pas la même chose : on désigne une
colonne par son intitulé et son rang parmi ceux qui le portent, ou par sa position s'il n'a pas d'intitulé. Tout ce qui
n'est pas relié n'est pas lu.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from openpyxl.utils import get_column_letter

from programme.socle.classeur import Cellule
from programme.socle.finess.numero import expliquer
from programme.socle.texte import nettoyer, normaliser
from usages.calculs.controles import lire_nombre

FINESS = "finess"
COMPTE, SUR = "compte", "sur"
"""Ce qu'une colonne apporte à un indicateur : ce qu'on compte, ou ce à quoi on le rapporte."""

Part = tuple[str, str]
"""(code de l'indicateur, `COMPTE` ou `SUR`)."""

VIDES = frozenset(["", "-", "–", "nc", "nr", "na", "so", "non renseigne", "non concerne", "sans objet"])

FORMULE = "la case contient une formule : collez sa valeur à la place."
SANS_FINESS = "ce n'est pas un numéro FINESS : vérifiez-le."
PAS_UN_NOMBRE = "ce n'est pas un nombre : écrivez par exemple 42 ou 12,5."
DEJA_LU = "cet ESMS est déjà à la ligne {} : gardez une seule des deux."
SANS_COLONNE_FINESS = "Dites dans quelle colonne est le numéro FINESS géographique : sans lui, rien ne se lit."
RIEN_DE_RELIE = "Reliez au moins un chiffre à une colonne."
DEUX_FOIS = "La colonne {} est reliée deux fois ({} et {}) : un compte et son total sont deux colonnes."

_REPERE = re.compile(r"(?P<intitule>.*)#(?P<rang>\d+)|@(?P<position>\d+)", re.DOTALL)
_DEBUT = re.compile(r"\s*(\d{1,4})\b")

CONNUES: dict[str, str] = {
    "finess": "finess geographique#1",
    "file-active:compte": "file active des personnes accompagnees sur la periode#1",
    "effectif-31-decembre:compte": "nombre de personnes accompagnees dans l effectif au 31 12#1",
    "tdb-dossiers-administratifs:compte": "nombre de dossiers administratifs informatises au 31 12#1",
    "tdb-dossiers-administratifs:sur": "nombre de personnes accompagnees dans l effectif au 31 12#1",
    "tdb-projets-personnalises:compte": "nombre de projets personnalises informatises au 31 12#1",
    "tdb-projets-personnalises:sur": "nombre de personnes accompagnees dans l effectif au 31 12#2",
    "budget-si-exploitation:compte": "quel est le montant en euro du budget d exploitation de votre si#1",
    "budget-si-investissement:compte": "quel est le montant en euro du budget d investissement de votre si#1",
}
"""Ce que Treille relie d'elle-même : partie d'un indicateur de son catalogue → colonne de l'export national."""


def cle_de(part: Part) -> str:
    """« tdb-projets-personnalises:sur »."""
    return ":".join(part)


def reperes(entetes: Sequence[str]) -> list[str]:
    """Le repère de chaque colonne : intitulé normalisé et rang (« effectif#2 »), ou position dès 1 (« @12 »)."""
    vus: dict[str, int] = {}
    rendu = []
    for position, entete in enumerate(entetes, 1):
        intitule = normaliser(entete)
        if not intitule:
            rendu.append(f"@{position}")
            continue
        vus[intitule] = vus.get(intitule, 0) + 1
        rendu.append(f"{intitule}#{vus[intitule]}")
    return rendu


def trouver(entetes: Sequence[str], repere: str) -> int | None:
    """Le rang (à partir de 0) de la colonne de ce repère ; None si l'export ne l'a pas."""
    if not _REPERE.fullmatch(repere):
        return None
    connus = reperes(entetes)
    return connus.index(repere) if repere in connus else None


def nommer(entetes: Sequence[str], rang: int) -> str:
    """« 322 (LJ) · Nombre de personnes… (2e) » : la position, la lettre du tableur, l'intitulé et son rang."""
    repere = reperes(entetes)[rang]
    intitule = " ".join(entetes[rang].split()) or "sans intitulé"
    fois = repere.rpartition("#")[2] if "#" in repere else "1"
    suite = "" if fois == "1" else f" ({fois}e)"
    return f"{rang + 1} ({get_column_letter(rang + 1)}) · {intitule[:110]}{suite}"


def designer(entetes: Sequence[str], ecrit: str) -> int | None:
    """Le rang de la colonne qu'on a écrite : son nom, ou sa seule position. Lève `ValueError` si elle n'existe pas."""
    texte = ecrit.strip()
    if not texte:
        return None
    lu = _DEBUT.match(texte)
    if lu is None or not 1 <= int(lu[1]) <= len(entetes):
        raise ValueError(texte)
    return int(lu[1]) - 1


def proposer(entetes: Sequence[str], attendues: Iterable[str], retenues: Mapping[str, str]) -> dict[str, int]:
    """Partie attendue → rang : ce qui a été relié déjà, sinon ce que Treille connaît de l'export national."""
    rendu = {}
    for cle in attendues:
        repere = retenues.get(cle) or ("" if cle in retenues else CONNUES.get(cle, ""))
        rang = trouver(entetes, repere) if repere else None
        if rang is not None:
            rendu[cle] = rang
    return rendu


@dataclass(slots=True)
class LigneTdb:
    """Une ligne : l'ESMS, ce qu'elle dit (partie → nombre ; une case vide n'en dit rien), ses fautes par partie."""

    rang: int
    finess: str = ""
    nombres: dict[str, Decimal] = field(default_factory=dict)
    fautes: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Partie (ou `FINESS`) → (place de la case, phrase)."""


def lire_lignes(rangees: Iterable[tuple[int, Sequence[Cellule]]], colonnes: Mapping[str, int]) -> Iterator[LigneTdb]:
    """Une ligne à la fois, sans rien garder des autres colonnes. `colonnes` : partie → rang, `FINESS` compris."""
    vus: dict[str, int] = {}
    for numero, cellules in rangees:
        if not any(c.texte for c in cellules):
            continue
        ligne = LigneTdb(numero)
        for partie, rang in colonnes.items():
            _lire_case(ligne, partie, cellules[rang] if rang < len(cellules) else Cellule("", None))
        if ligne.finess and (premiere := vus.setdefault(ligne.finess, numero)) != numero:
            ligne.fautes[FINESS] = ("", DEJA_LU.format(premiere))
        yield ligne


def _lire_case(ligne: LigneTdb, partie: str, case: Cellule) -> None:
    if case.est_formule:
        ligne.fautes[partie] = (case.place, FORMULE)
    elif partie == FINESS:
        if numero := expliquer(case.texte).numero:
            ligne.finess = numero
        else:
            ligne.fautes[FINESS] = (case.place, SANS_FINESS)
    elif normaliser(case.texte) not in VIDES and case.texte not in VIDES:
        try:
            nombre = _nombre(case)
        except (ValueError, ArithmeticError):
            ligne.fautes[partie] = (case.place, PAS_UN_NOMBRE)
            return
        if nombre is not None:
            ligne.nombres[partie] = nombre


def _nombre(case: Cellule) -> Decimal | None:
    if isinstance(case.valeur, bool):
        raise ValueError
    if isinstance(case.valeur, float):
        # Un tableur écrit 0,30000000000000004 : le centime suffit.
        return Decimal(str(case.valeur)).quantize(Decimal("0.01"))
    return lire_nombre(nettoyer(case.texte))
