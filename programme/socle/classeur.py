"""Un petit tableau venu du dehors (XLSX ou CSV) : borné avant d'être ouvert, puis lu en valeurs simples.

Rien n'y est interprété : une formule est une faute, pas un calcul. Toute impossibilité de lire devient `FichierRefuse`.
"""

import csv
import io
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel
from openpyxl.utils.exceptions import InvalidFileException

from programme.socle.finess.refus import FichierIndesirable, FichierRefuse
from programme.socle.inspection import ATTENDU as _ATTENDU
from programme.socle.inspection import FAUTES_D_ARCHIVE, ILLISIBLE, inspecter
from programme.socle.texte import normaliser, porte_nir

PLAFOND = 10 * 1024 * 1024
LIGNES_MAXIMALES = 5_000
COLONNES_MAXIMALES = 200
TAILLE_DE_CELLULE = 2_000
# Jours depuis 1900 : de 1954 à 2119. En dehors, un nombre n'est pas une date oubliée par le tableur.
DATES_EN_NOMBRE = range(20_000, 80_000)

PLACES_DITES = 5
TROP_LARGE = f"La ligne {{}} a plus de {COLONNES_MAXIMALES} colonnes : ce n'est sans doute pas le bon tableau."
NIR = (
    "{} : un numéro de sécurité sociale (NIR ou INS) s'y trouve, or Treille ne reçoit aucune donnée de personne "
    "accompagnée ; le fichier n'est pas gardé, retirez le numéro puis déposez-le de nouveau."
)
# SyntaxError : l'erreur de lecture XML en hérite. Le reste : ce qu'openpyxl laisse sortir d'un classeur forgé.
FAUTES_DE_CLASSEUR = (
    *FAUTES_D_ARCHIVE,
    InvalidFileException,
    LookupError,
    SyntaxError,
    OverflowError,
    TypeError,
    AttributeError,
)
NIR_AILLEURS = "Hors des cases lues (autre feuille, colonne lointaine, commentaire ou propriétés)"


class Formule(str):
    """Une cellule qui porte une formule ; la lire comme une valeur serait une faute."""


@dataclass(frozen=True, slots=True)
class Cellule:
    """Une valeur et sa place (« G12 »)."""

    place: str
    valeur: Any

    @property
    def texte(self) -> str:
        """La valeur en texte, sans blancs de bord ; un nombre entier sans décimale."""
        if self.valeur is None:
            return ""
        if isinstance(self.valeur, bool):
            return "oui" if self.valeur else "non"
        if isinstance(self.valeur, float) and self.valeur.is_integer():
            return str(int(self.valeur))
        return " ".join(str(self.valeur).split())[:TAILLE_DE_CELLULE]

    @property
    def est_formule(self) -> bool:
        """Vrai si la cellule calcule au lieu de porter une valeur."""
        return isinstance(self.valeur, Formule)

    @property
    def porte_nir(self) -> bool:
        """Vrai si la valeur entière porte un NIR ; un nombre à virgule n'en est pas un."""
        if isinstance(self.valeur, float):
            return porte_nir(self.texte) if self.valeur.is_integer() else False
        return isinstance(self.valeur, str | int) and porte_nir(str(self.valeur))

    def jour(self) -> date | None:
        """La date de la cellule, ou None si elle est vide. Lève `ValueError` si ce n'en est pas une."""
        valeur = self.valeur
        if isinstance(valeur, datetime):
            return valeur.date()
        if isinstance(valeur, date):
            return valeur
        texte = self.texte
        if not texte:
            return None
        if texte.isdecimal() and int(texte) in DATES_EN_NOMBRE:
            return from_excel(int(texte)).date()
        for forme in ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y"):
            try:
                return datetime.strptime(texte, forme).date()
            except ValueError:
                continue
        raise ValueError(texte)


@dataclass(frozen=True)
class Ligne:
    """Une ligne lue : son numéro dans le fichier, ses cellules par colonne attendue."""

    numero: int
    cellules: dict[str, Cellule]

    def __getitem__(self, colonne: str) -> Cellule:
        return self.cellules.get(colonne) or Cellule("", None)

    def __contains__(self, colonne: str) -> bool:
        return colonne in self.cellules


@dataclass(frozen=True)
class Tableau:
    """Un tableau dont les colonnes sont reconnues : `presentes` dans l'ordre, `inconnues` telles qu'écrites."""

    lignes: list[Ligne]
    presentes: list[str]
    inconnues: list[str]


def lire_tableau(
    fichier: IO[bytes], *, colonnes: dict[str, str], indispensables: list[str], feuille: str, reliees: dict[str, str]
) -> Tableau:
    """Lit le tableau d'un XLSX ou d'un CSV.

    `colonnes` : code → intitulé attendu. `reliees` : intitulé normalisé → code, en plus des intitulés attendus.
    `feuille` : nom de la feuille à préférer. Lève `FichierRefuse` si le fichier, la feuille ou une colonne ne va pas.
    """
    rangees = _rangees(fichier, feuille)
    entete = next(rangees, None)
    while entete is not None and not any(c.texte for c in entete[1]):
        entete = next(rangees, None)
    if entete is None:
        raise FichierRefuse(f"La feuille est vide : repartez de l'export, ou {_ATTENDU}.")
    refuser_nir(_places_de_nir(*entete))
    attendues = {normaliser(intitule): code for code, intitule in colonnes.items()}
    connues = {intitule: code for intitule, code in reliees.items() if code in colonnes} | attendues
    codes = [connues.get(normaliser(c.texte)) for c in entete[1]]
    _exiger_colonnes(codes, indispensables, colonnes, [c.texte for c in entete[1]])
    lignes = list(_lignes(rangees, codes))
    if not lignes:
        raise FichierRefuse("La feuille n'a que ses intitulés, aucune ligne : repartez de l'export.")
    inconnues = [c.texte for c, code in zip(entete[1], codes, strict=True) if c.texte and not code]
    return Tableau(lignes, [code for code in codes if code], inconnues)


def _lignes(rangees: Iterator[tuple[int, list[Cellule]]], codes: list[str | None]) -> Iterator[Ligne]:
    """Les lignes qui ne sont pas vides ; un NIR, où qu'il soit, se dit une fois tout lu."""
    places: list[str] = []
    try:
        for numero, cellules in rangees:
            places += _places_de_nir(numero, cellules)
            if any(c.texte for c in cellules):
                yield Ligne(numero, {code: c for code, c in zip(codes, cellules, strict=False) if code})
    except FichierRefuse:
        refuser_nir(places)
        raise
    refuser_nir(places)


def _places_de_nir(numero: int, cellules: list[Cellule]) -> list[str]:
    return [
        f"ligne {numero}, colonne {get_column_letter(rang)}"
        for rang, cellule in enumerate(cellules, 1)
        if cellule.porte_nir
    ]


def refuser_nir(places: list[str]) -> None:
    """Lève `FichierIndesirable` s'il y a des places : dit où, jamais quoi."""
    if places:
        autres = len(places) - PLACES_DITES
        dites = " ; ".join(places[:PLACES_DITES]) + (f" ; et {autres} autres" if autres > 0 else "")
        raise FichierIndesirable(NIR.format(dites[:1].upper() + dites[1:]))


def _exiger_colonnes(
    codes: list[str | None], indispensables: list[str], colonnes: dict[str, str], lues: list[str]
) -> None:
    manquantes = [colonnes[code] for code in indispensables if code not in codes]
    if manquantes:
        noms = " et ".join(f"« {m} »" for m in manquantes)
        debut = ", ".join(f"« {t[:30]} »" for t in lues[:4] if t) or "rien"
        raise FichierRefuse(
            f"La colonne {noms} manque (première ligne lue : {debut}) : c'est peut-être une autre feuille ; "
            "repartez de l'export."
        )
    doubles = {code for code in codes if code and codes.count(code) > 1}
    if doubles:
        noms = ", ".join(f"« {colonnes[code]} »" for code in sorted(doubles))
        raise FichierRefuse(f"La colonne {noms} est là deux fois : n'en gardez qu'une.")


def est_xlsx(fichier: IO[bytes]) -> bool:
    """Vrai pour un XLSX, faux pour ce qui se lira en CSV. Lève `FichierRefuse` : vide, trop gros, ancien format."""
    fichier.seek(0, io.SEEK_END)
    taille = fichier.tell()
    fichier.seek(0)
    if not taille:
        raise FichierRefuse(f"Le fichier est vide : {_ATTENDU}.")
    if taille > PLAFOND:
        raise FichierRefuse(f"Le fichier pèse plus de {PLAFOND >> 20} Mo : gardez la seule feuille utile.")
    tete = fichier.read(8)
    fichier.seek(0)
    if tete.startswith(b"\xd0\xcf\x11\xe0"):
        raise FichierRefuse(f"Ce classeur est à l'ancien format, ou protégé par un mot de passe : {_ATTENDU}.")
    return tete.startswith(b"PK\x03\x04")


def _rangees(fichier: IO[bytes], feuille: str) -> Iterator[tuple[int, list[Cellule]]]:
    return _borner(_rangees_xlsx(fichier, feuille) if est_xlsx(fichier) else _rangees_csv(fichier))


def _borner(rangees: Iterator[tuple[int, list[Cellule]]]) -> Iterator[tuple[int, list[Cellule]]]:
    for numero, cellules in rangees:
        if numero > LIGNES_MAXIMALES:
            raise FichierRefuse(f"Le tableau dépasse {LIGNES_MAXIMALES} lignes : ce n'est sans doute pas le bon.")
        yield numero, cellules


def decoder(octets: bytes) -> str:
    """Le texte d'un CSV, en UTF-8 ou en cp1252. Lève `FichierRefuse` si ce n'est pas du texte."""
    if b"\x00" in octets:
        raise FichierRefuse(f"Ce fichier n'est pas un tableau : {_ATTENDU}.")
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        return octets.decode("cp1252", "replace")


def _rangees_csv(fichier: IO[bytes]) -> Iterator[tuple[int, list[Cellule]]]:
    texte = decoder(fichier.read())
    premiere = texte.split("\n", 1)[0]
    if ";" not in premiere:
        nature = "tabulations" if "\t" in premiere else "virgules" if "," in premiere else ""
        raise FichierRefuse(
            f"Les colonnes sont séparées par des {nature} : {_ATTENDU}."
            if nature
            else f"La première ligne n'a qu'une colonne : {_ATTENDU}."
        )
    try:
        for numero, ligne in enumerate(csv.reader(io.StringIO(texte), delimiter=";"), 1):
            if any(ligne[COLONNES_MAXIMALES:]):
                raise FichierRefuse(TROP_LARGE.format(numero))
            yield numero, [cellule_csv(numero, rang, v) for rang, v in enumerate(ligne[:COLONNES_MAXIMALES], 1)]
    except csv.Error as erreur:
        raise FichierRefuse(f"Ce CSV ne se lit pas ({erreur}) : réenregistrez-le, ou {_ATTENDU}.") from erreur


def cellule_csv(numero: int, rang: int, valeur: str) -> Cellule:
    """La cellule d'un CSV, à cette ligne et à ce rang (à partir de 1)."""
    # Nos exports CSV mettent une apostrophe devant ce qu'un tableur prendrait pour une formule.
    neutre = valeur[1:] if valeur[:2] in ("'=", "'+", "'-", "'@") else valeur
    return Cellule(f"{get_column_letter(rang)}{numero}", Formule(valeur) if valeur.startswith("=") else neutre)


def _rangees_xlsx(fichier: IO[bytes], feuille: str) -> Iterator[tuple[int, list[Cellule]]]:
    porte_un_nir = inspecter(fichier)
    try:
        classeur = load_workbook(fichier, read_only=True, data_only=False, keep_links=False)
        with closing(classeur):
            page = classeur[feuille] if feuille in classeur.sheetnames else classeur.worksheets[0]
            # Les dimensions annoncées peuvent mentir : seules les cellules présentes comptent.
            page.reset_dimensions()
            for numero, rangee in enumerate(page.iter_rows(max_col=COLONNES_MAXIMALES), 1):
                yield (
                    numero,
                    [Cellule(f"{get_column_letter(rang)}{numero}", valeur_xlsx(c)) for rang, c in enumerate(rangee, 1)],
                )
    except FAUTES_DE_CLASSEUR as faute:
        raise FichierRefuse(ILLISIBLE) from faute
    if porte_un_nir:
        raise FichierIndesirable(NIR.format(NIR_AILLEURS))


def valeur_xlsx(cellule: Any) -> Any:
    """La valeur d'une cellule d'openpyxl ; une formule reste une `Formule`."""
    if getattr(cellule, "data_type", "n") == "f":
        return Formule(cellule.value)
    return cellule.value
