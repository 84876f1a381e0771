"""Exports d'un tableau : CSV en flux, XLSX en écriture seule. Rien ne s'exécute à l'ouverture dans un tableur."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

LIGNES_PAR_PAQUET = 500
_DECLENCHEURS = ("=", "+", "-", "@", "\t", "\r")
_BOM = "\ufeff"

Lignes = Iterable[list[Any]]


def neutraliser(texte: str) -> str:
    """Une apostrophe devant ce qu'un tableur prendrait pour une formule."""
    return f"'{texte}" if texte.startswith(_DECLENCHEURS) else texte


def _en_csv(valeur: Any) -> str:
    if valeur is None:
        return ""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, date):
        return f"{valeur:%d/%m/%Y}"
    if isinstance(valeur, int | float | Decimal):
        return str(valeur).replace(".", ",")
    return neutraliser(str(valeur))


class _Echo:
    """Rend ce qu'on lui écrit : c'est le flux qui l'emporte."""

    def write(self, texte: str) -> str:
        return texte


def csv_en_flux(entetes: list[str], lignes: Lignes) -> Iterator[bytes]:
    """CSV pour un tableur français : BOM UTF-8, point-virgule, dates en jj/mm/aaaa, virgule décimale."""
    ecrivain = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    paquet = [_BOM + ecrivain.writerow([_en_csv(e) for e in entetes])]
    for ligne in lignes:
        paquet.append(ecrivain.writerow([_en_csv(v) for v in ligne]))
        if len(paquet) >= LIGNES_PAR_PAQUET:
            yield "".join(paquet).encode()
            paquet = []
    yield "".join(paquet).encode()


def _en_xlsx(feuille: Any, valeur: Any, police: Font | None = None) -> WriteOnlyCell:
    if isinstance(valeur, datetime):
        valeur = valeur.replace(tzinfo=None)
    texte = isinstance(valeur, str)
    cellule = WriteOnlyCell(feuille, ILLEGAL_CHARACTERS_RE.sub("", valeur) if texte else valeur)
    if texte:
        # Sans quoi un texte qui commence par « = » deviendrait une formule.
        cellule.data_type = "s"
    if isinstance(valeur, date):
        cellule.number_format = "DD/MM/YYYY"
    if police:
        cellule.font = police
    return cellule


def xlsx(titre: str, entetes: list[str], lignes: Lignes) -> IO[bytes]:
    """Classeur d'une feuille, en-tête figé et filtrable, prêt à lire."""
    classeur = Workbook(write_only=True)
    feuille = classeur.create_sheet(titre[:31])
    feuille.freeze_panes = "A2"
    for rang, entete in enumerate(entetes, 1):
        feuille.column_dimensions[get_column_letter(rang)].width = max(14, min(len(entete) + 4, 40))
    gras = Font(bold=True)
    feuille.append([_en_xlsx(feuille, e, gras) for e in entetes])
    nombre = 1
    for ligne in lignes:
        feuille.append([_en_xlsx(feuille, v) for v in ligne])
        nombre += 1
    feuille.auto_filter.ref = f"A1:{get_column_letter(max(len(entetes), 1))}{nombre}"
    fichier = io.BytesIO()
    classeur.save(fichier)
    fichier.seek(0)
    return fichier
