"""Exports d'un tableau : CSV en flux, XLSX en écriture seule. Rien ne s'exécute à l'ouverture dans un tableur."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import zip_longest
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

LIGNES_PAR_PAQUET = 500
LISTES = "Listes"
LIGNES_OFFERTES = 5_000
A_LA_LIGNE = Alignment(wrap_text=True, vertical="top")
_DECLENCHEURS = ("=", "+", "-", "@", "\t", "\r")
_INTERDITS_EN_TITRE = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")
_BOM = "\ufeff"

Lignes = Iterable[list[Any]]


def neutraliser(texte: str) -> str:
    """Une apostrophe devant ce qu'un tableur prendrait pour une formule."""
    return f"'{texte}" if texte.startswith(_DECLENCHEURS) else texte


def _en_csv(valeur: Any) -> str:
    if type(valeur) is str:
        # Les neuf dixièmes des cellules d'un export : le dire d'abord l'abrège d'un quart.
        return neutraliser(valeur)
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


def _en_xlsx(feuille: Any, valeur: Any, police: Font | None = None, retour: Alignment | None = None) -> WriteOnlyCell:
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
    if retour:
        cellule.alignment = retour
    return cellule


HORS_DE_LA_LISTE = "Cette valeur n'est pas dans la liste : à la reprise, toute la ligne serait mise de côté."


@dataclass(frozen=True, slots=True)
class MiseEnForme:
    """Pour une feuille qu'on rapportera : largeurs, et choix offerts par rang de colonne (0 pour la première).

    `cases` : choix offerts à une plage nommée (« B4 »). `avis` : ce que dit le tableur d'une valeur hors de la liste.
    `a_la_ligne` : les textes longs se lisent en entier, sur plusieurs lignes.
    """

    largeurs: list[int]
    choix: dict[int, list[str]] = field(default_factory=dict)
    cases: dict[str, list[str]] = field(default_factory=dict)
    avis: str = HORS_DE_LA_LISTE
    a_la_ligne: bool = False

    @property
    def offres(self) -> dict[str, list[str]]:
        """Plage → choix offerts."""
        lettres = {get_column_letter(colonne + 1): offres for colonne, offres in self.choix.items()}
        return {f"{lettre}2:{lettre}{LIGNES_OFFERTES}": offres for lettre, offres in lettres.items()} | self.cases


@dataclass(frozen=True, slots=True)
class Feuille:
    """Une feuille d'un classeur à écrire : titre d'onglet, intitulés, lignes, et sa mise en forme.

    `au_dessus` : rangées à écrire avant l'en-tête, pour rendre une feuille dont les intitulés ne sont pas en haut.
    """

    titre: str
    entetes: list[str]
    lignes: Lignes
    forme: MiseEnForme | None = None
    au_dessus: Lignes = ()


def _offrir(classeur: Any, formes: list[tuple[Any, MiseEnForme]]) -> None:
    """Listes déroulantes. Une erreur avertit sans empêcher : c'est la reprise qui tranche."""
    valeurs = classeur.create_sheet(LISTES)
    valeurs.sheet_state = "hidden"
    for rangee in zip_longest(*(offres for _, forme in formes for offres in forme.offres.values())):
        valeurs.append([_en_xlsx(valeurs, valeur) if valeur is not None else None for valeur in rangee])
    rang = 0
    for feuille, forme in formes:
        for plage, offres in forme.offres.items():
            rang += 1
            source = get_column_letter(rang)
            liste = DataValidation(
                type="list",
                formula1=f"{LISTES}!${source}$1:${source}${len(offres)}",
                allow_blank=True,
                errorStyle="warning",
                errorTitle="Hors de la liste",
                error=forme.avis,
                showErrorMessage=True,
            )
            liste.add(plage)
            # Le mode d'écriture en flux n'a pas `add_data_validation`, mais écrit ces listes en fin de feuille.
            feuille.data_validations.append(liste)


def _titre_de_feuille(titre: str) -> str:
    """Le titre, sans ce qu'un tableur refuse dans un nom d'onglet."""
    return " ".join(_INTERDITS_EN_TITRE.sub(" ", titre).split())[:31].strip(" '") or "Feuille"


def xlsx(
    titre: str, entetes: list[str], lignes: Lignes, forme: MiseEnForme | None = None, au_dessus: Lignes = ()
) -> IO[bytes]:
    """Classeur d'une feuille, en-tête figé et filtrable, prêt à lire ; `forme` la prépare à être remplie."""
    return classeur([Feuille(titre, entetes, lignes, forme, au_dessus)])


def classeur(feuilles: list[Feuille]) -> IO[bytes]:
    """Classeur de plusieurs feuilles, chacune comme celle de `xlsx`."""
    livre = Workbook(write_only=True)
    formes = [(_ecrire_feuille(livre, feuille), feuille.forme) for feuille in feuilles]
    if a_remplir := [(page, forme) for page, forme in formes if forme and forme.offres]:
        _offrir(livre, a_remplir)
    fichier = io.BytesIO()
    livre.save(fichier)
    fichier.seek(0)
    return fichier


def _ecrire_feuille(livre: Any, feuille: Feuille) -> Any:
    entetes, forme = feuille.entetes, feuille.forme
    page = livre.create_sheet(_titre_de_feuille(feuille.titre))
    hauts = list(feuille.au_dessus)
    page.freeze_panes = f"A{len(hauts) + 2}"
    for rang, entete in enumerate(entetes, 1):
        largeur = forme.largeurs[rang - 1] if forme else max(14, min(len(entete) + 4, 40))
        page.column_dimensions[get_column_letter(rang)].width = largeur
    gras, retour = Font(bold=True), A_LA_LIGNE if forme and forme.a_la_ligne else None
    for rangee in [*hauts, entetes]:
        page.append([_en_xlsx(page, e, gras, retour) for e in rangee])
    nombre = len(hauts) + 1
    for ligne in feuille.lignes:
        page.append([_en_xlsx(page, v, None, retour) for v in ligne])
        nombre += 1
    page.auto_filter.ref = f"A{len(hauts) + 1}:{get_column_letter(max(len(entetes), 1))}{nombre}"
    return page
