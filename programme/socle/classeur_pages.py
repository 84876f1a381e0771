"""Les pages d'un classeur d'autrui, cases non vides seulement : ce que `grilles` met en lignes et en colonnes.

Les bornes sont celles de `classeur` et d'`inspection`. Les cases fusionnées se lisent dans le XML de la feuille :
ouvrir le classeur en entier créerait un objet par case fusionnée, et une seule plage peut en valoir dix-sept milliards.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any
from xml.parsers import expat

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries

from programme.socle.classeur import (
    COLONNES_MAXIMALES,
    FAUTES_DE_CLASSEUR,
    LIGNES_MAXIMALES,
    NIR,
    NIR_AILLEURS,
    TROP_LARGE,
    Cellule,
    cellule_csv,
    decoder,
    est_xlsx,
    refuser_nir,
    valeur_xlsx,
)
from programme.socle.finess.refus import FichierIndesirable, FichierRefuse
from programme.socle.inspection import ATTENDU, CELLULES_MAXIMALES, ILLISIBLE, TROP_DE, inspecter
from programme.socle.texte import porte_nir

PAGE_CSV = "Tableau"
SEPARATEURS = ";\t,|"
LIGNES_D_ESSAI = 30
UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BLOC = 1 << 16

UNE_COLONNE = "Ce fichier n'a qu'une colonne, ou son séparateur n'est pas connu : {}."
SANS_FEUILLE = f"Ce classeur n'a aucune feuille de cases : {ATTENDU}."


@dataclass(frozen=True)
class Plage:
    """Des cases fusionnées : bornes comprises, à partir de 1."""

    colonne: int
    ligne: int
    derniere_colonne: int
    derniere_ligne: int

    def __str__(self) -> str:
        debut = f"{get_column_letter(self.colonne)}{self.ligne}"
        return f"{debut}:{get_column_letter(self.derniere_colonne)}{self.derniere_ligne}"

    @property
    def largeur(self) -> int:
        """Nombre de colonnes."""
        return self.derniere_colonne - self.colonne + 1

    @property
    def hauteur(self) -> int:
        """Nombre de lignes."""
        return self.derniere_ligne - self.ligne + 1


@dataclass
class Page:
    """Une feuille : ligne → colonne → cellule non vide, ses fusions (ligne, colonne → plage), ce qui y est masqué.

    `ampleur` : combien de fois les bornes ordinaires ; `separateur` : celui d'un CSV.
    """

    nom: str
    cachee: bool = False
    cellules: dict[int, dict[int, Cellule]] = field(default_factory=dict)
    fusions: dict[tuple[int, int], Plage] = field(default_factory=dict)
    lignes_masquees: set[int] = field(default_factory=set)
    colonnes_masquees: set[int] = field(default_factory=set)
    trop_longue: bool = False
    trop_large: int = 0
    ampleur: int = 1
    separateur: str = ""

    def cellule(self, ligne: int, colonne: int) -> Cellule:
        """La cellule à cette place, vide s'il n'y en a pas."""
        trouvee = self.cellules.get(ligne, {}).get(colonne)
        return trouvee or Cellule(f"{get_column_letter(colonne)}{ligne}", None)

    @property
    def derniere_colonne(self) -> int:
        """Le rang de la dernière colonne qui porte quelque chose ; 0 si la page est vide."""
        return max((max(rangee) for rangee in self.cellules.values()), default=0)


def lire_pages(fichier: IO[bytes], *, ampleur: int = 1, separateur: str = "") -> list[Page]:
    """Toutes les pages d'un XLSX, ou celle d'un CSV. Lève `FichierRefuse` ou `FichierIndesirable`.

    `ampleur` : combien de fois les bornes ordinaires. `separateur` : celui d'un CSV, deviné s'il n'est pas dit.
    """
    if not est_xlsx(fichier):
        pages = [_page_csv(fichier, ampleur, separateur)]
        _refuser_nir(pages)
        return pages
    porte_un_nir = inspecter(fichier, ampleur)
    try:
        classeur = load_workbook(fichier, read_only=True, data_only=False, keep_links=False)
        with closing(classeur):
            pages = [_page_xlsx(feuille, ampleur) for feuille in classeur.worksheets]
    except (*FAUTES_DE_CLASSEUR, expat.ExpatError) as faute:
        raise FichierRefuse(ILLISIBLE) from faute
    _refuser_nir(pages)
    if porte_un_nir or any(porte_nir(page.nom) for page in pages):
        raise FichierIndesirable(NIR.format(NIR_AILLEURS))
    if not pages:
        raise FichierRefuse(SANS_FEUILLE)
    return pages


def _refuser_nir(pages: list[Page]) -> None:
    refuser_nir(
        [
            (f"feuille « {page.nom} », " if len(pages) > 1 else "") + f"case {cellule.place}"
            for page in pages
            if not porte_nir(page.nom)
            for rangee in page.cellules.values()
            for cellule in rangee.values()
            if cellule.porte_nir
        ]
    )


class _MiseEnPage:
    """Lit d'une feuille ce qu'openpyxl ne dit pas en flux : fusions, masques, dernière ligne et dernière colonne."""

    def __init__(self) -> None:
        self.plages: list[Plage] = []
        self.lignes_masquees: set[int] = set()
        self.colonnes_masquees: set[int] = set()
        self.ligne = self.derniere_ligne = 0

    def lire(self, flux: IO[bytes]) -> None:
        """Parcourt la partie, déjà inspectée."""
        analyseur = expat.ParserCreate(namespace_separator=" ")
        analyseur.StartElementHandler = self._ouvrir
        while bloc := flux.read(_BLOC):
            analyseur.Parse(bloc, False)
        analyseur.Parse(b"", True)

    def _ouvrir(self, nom: str, attributs: dict[str, str]) -> None:
        balise = nom.rpartition(" ")[2]
        if balise == "row":
            self.ligne = int(attributs.get("r") or self.ligne + 1)
            if attributs.get("hidden") in ("1", "true"):
                self.lignes_masquees.add(self.ligne)
        elif balise in ("v", "is", "f"):
            self.derniere_ligne = max(self.derniere_ligne, self.ligne)
        elif balise == "mergeCell":
            self.plages.append(Plage(*range_boundaries(attributs["ref"])))
        elif balise == "col" and attributs.get("hidden") in ("1", "true"):
            premiere, derniere = int(attributs["min"]), min(int(attributs["max"]), COLONNES_MAXIMALES)
            self.colonnes_masquees.update(range(premiere, derniere + 1))


def _page_xlsx(feuille: Any, ampleur: int) -> Page:
    mise_en_page = _MiseEnPage()
    # Le chemin de la partie n'est dit que là ; la version d'openpyxl est verrouillée.
    with feuille._get_source() as flux:
        mise_en_page.lire(flux)
    page = Page(feuille.title, feuille.sheet_state != "visible", ampleur=ampleur)
    lignes_maximales = ampleur * LIGNES_MAXIMALES
    page.trop_longue = mise_en_page.derniere_ligne > lignes_maximales
    # Les dimensions annoncées peuvent mentir : seules les cellules présentes comptent.
    feuille.reset_dimensions()
    # Une colonne de plus que permis, pour dire qu'elle est de trop.
    bornes = {"max_row": min(mise_en_page.derniere_ligne, lignes_maximales), "max_col": COLONNES_MAXIMALES + 1}
    rangees = feuille.iter_rows(**bornes) if mise_en_page.derniere_ligne else ()
    for ligne, rangee in enumerate(rangees, 1):
        valeurs = ((colonne, valeur_xlsx(c)) for colonne, c in enumerate(rangee, 1) if c.value is not None)
        _ranger(page, ligne, ((rang, Cellule(f"{get_column_letter(rang)}{ligne}", valeur)) for rang, valeur in valeurs))
    _fusionner(page, mise_en_page.plages)
    page.lignes_masquees = mise_en_page.lignes_masquees & set(page.cellules)
    page.colonnes_masquees = mise_en_page.colonnes_masquees
    return page


def _ranger(page: Page, ligne: int, cellules: Iterator[tuple[int, Cellule]]) -> None:
    rangee = {colonne: cellule for colonne, cellule in cellules if cellule.texte}
    if COLONNES_MAXIMALES + 1 in rangee:
        page.trop_large = page.trop_large or ligne
        del rangee[COLONNES_MAXIMALES + 1]
    if rangee:
        page.cellules[ligne] = rangee


def _fusionner(page: Page, plages: list[Plage]) -> None:
    """Une plage se rogne à ce que la page porte : au-delà, elle ne couvre que du vide."""
    largeur, hauteur = page.derniere_colonne, max(page.cellules, default=0)
    restantes = CELLULES_MAXIMALES
    for plage in plages:
        lignes = range(plage.ligne, min(plage.derniere_ligne, hauteur) + 1)
        colonnes = range(plage.colonne, min(plage.derniere_colonne, largeur) + 1)
        restantes -= len(lignes) * len(colonnes)
        if restantes < 0:
            raise FichierRefuse(TROP_DE.format(CELLULES_MAXIMALES, "cases fusionnées"))
        page.fusions.update({(ligne, colonne): plage for ligne in lignes for colonne in colonnes})


def _page_csv(fichier: IO[bytes], ampleur: int, separateur: str) -> Page:
    octets = fichier.read()
    texte = octets.decode("utf-16", "replace") if octets.startswith(UTF16) else decoder(octets)
    premiere, _, suite = texte.partition("\n")
    if premiere.lower().startswith("sep=") and len(premiere.strip()) == 5:
        # L'indication qu'Excel laisse en tête, et qu'il ne montre pas.
        separateur, texte = premiere[4], suite
    else:
        separateur = separateur or _deviner_separateur(texte)
    page, nombre = Page(PAGE_CSV, ampleur=ampleur, separateur=separateur), 0
    try:
        for ligne, valeurs in enumerate(csv.reader(io.StringIO(texte), delimiter=separateur), 1):
            if ligne > ampleur * LIGNES_MAXIMALES:
                page.trop_longue = page.trop_longue or any(valeurs)
                continue
            if any(valeurs[COLONNES_MAXIMALES:]):
                raise FichierRefuse(TROP_LARGE.format(ligne))
            gardees = valeurs[:COLONNES_MAXIMALES]
            _ranger(page, ligne, ((rang, cellule_csv(ligne, rang, v)) for rang, v in enumerate(gardees, 1) if v))
            nombre += len(page.cellules.get(ligne, ()))
            if nombre > ampleur * CELLULES_MAXIMALES:
                raise FichierRefuse(TROP_DE.format(ampleur * CELLULES_MAXIMALES, "cases"))
    except csv.Error as erreur:
        raise FichierRefuse(f"Ce CSV ne se lit pas ({erreur}) : réenregistrez-le, ou {ATTENDU}.") from erreur
    return page


def _deviner_separateur(texte: str) -> str:
    """Celui qui donne le plus de lignes de même largeur ; à égalité, la largeur, puis l'ordre de `SEPARATEURS`."""
    essai = texte[: 1 << 18]

    def note(separateur: str) -> tuple[int, int]:
        largeurs: Counter[int] = Counter()
        # Un guillemet jamais refermé se dira à la lecture.
        with suppress(csv.Error):
            for valeurs in islice(csv.reader(io.StringIO(essai), delimiter=separateur), LIGNES_D_ESSAI):
                largeurs[len(valeurs)] += len(valeurs) > 1
        return max(((nombre, largeur) for largeur, nombre in largeurs.items()), default=(0, 0))

    meilleur = max(SEPARATEURS, key=note)
    if not note(meilleur)[0]:
        raise FichierRefuse(UNE_COLONNE.format(ATTENDU))
    return meilleur
