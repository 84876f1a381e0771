"""Le classeur d'autrui, lu sans rien changer : ses feuilles, sa ligne d'en-tête, sa grille, la place de chaque case.

`ouvrir_classeur` (bornes et garde NIR de `classeur`), `proposer_lecture` (devine où lire), puis `Classeur.lire`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import IO, Any

from openpyxl.utils import get_column_letter

from programme.socle.classeur import LIGNES_MAXIMALES, TROP_LARGE, Cellule
from programme.socle.classeur_pages import PAGE_CSV, Page, lire_pages
from programme.socle.finess.numero import expliquer
from programme.socle.finess.numero import normaliser as normaliser_numero
from programme.socle.finess.refus import FichierRefuse
from programme.socle.nombres import accorde
from programme.socle.texte import normaliser

ENTETES_MAXIMALES = 3
GRILLE_MAXIMALE = 200_000
LIGNES_D_EN_TETE = 40
PLACES_DITES = 8

_TOTAL = re.compile(r"(?:sous )?tota(?:l|ux)\b.*")
# Sept à neuf chiffres ou presque : un numéro FINESS, même mal recopié.
_NUMERO = re.compile(r"[0-9][0-9A-Z]{6,8}")

FEUILLE_ABSENTE = "La feuille « {} » n'est pas dans ce classeur ; il a : {}."
FEUILLE_VIDE = "La feuille « {} » est vide : choisissez-en une autre."
TROP_LONGUE = "La feuille « {} » dépasse {} lignes : gardez la seule partie utile."
TROP_GRANDE = "La feuille « {} » est trop grande ({} lignes sur {} colonnes) : gardez les seules colonnes utiles."
TOUTES_CACHEES = "Toutes les feuilles qui portent quelque chose sont cachées : affichez celle qui compte."
ENTETE_AILLEURS = "La ligne d'en-tête {} n'existe pas dans la feuille « {} », qui s'arrête à la ligne {}."
SANS_INTITULE = "La ligne {} ne porte aucun intitulé : choisissez la ligne où sont les noms des colonnes."
SANS_LIGNE = "Aucune ligne sous l'en-tête (ligne {}) : choisissez la ligne où sont les noms des colonnes."
INTITULE_FORMULE = "L'intitulé {} est une formule : collez sa valeur à la place."
TOTAL_IGNORE = "La ligne {} (« {} ») est un total : ignorée."
SEULE_CASE = "La ligne {} n'a qu'une case remplie (« {} ») : prise pour un intertitre, ignorée."
TOTAL_SANS_LE_DIRE = "La ligne {} est un total : ignorée."
SEULE_CASE_SANS_LA_DIRE = "La ligne {} n'a qu'une case remplie : prise pour un intertitre, ignorée."
ENTETE_REPETE = "La ligne {} répète l'en-tête : ignorée."
CACHEE_AVEC = (
    "La feuille cachée « {} » porte des numéros FINESS ({}) : elle n'est pas lue ; si ces ESMS comptent, affichez-la "
    "dans votre tableur puis choisissez-la."
)
CACHEE_SANS = "La feuille cachée « {} » n'est pas lue."
CACHEE_LUE = "La feuille « {} » est cachée dans votre tableur : elle est lue parce que vous l'avez choisie."
AUTRE_FEUILLE = "La feuille « {} » porte aussi des numéros FINESS ({}) : une seule feuille est lue à la fois."
MASQUEES = "Des lignes masquées par un filtre ou à la main sont lues comme les autres : {}."
COLONNE_MASQUEE = "La colonne {} (« {} ») est masquée dans votre tableur : elle se lit si vous la reliez."
SANS_NOM = "La colonne {} a des valeurs mais pas d'intitulé : elle n'est pas lue."
EN_DOUBLE = "L'intitulé « {} » est là plusieurs fois ({}) : pour en relier un, donnez-leur des noms différents."


class Fusion(str):
    """La valeur d'une case fusionnée avec d'autres ; `plage` dit lesquelles (« B5:B8 »)."""

    plage: str

    def __new__(cls, texte: str, plage: str) -> "Fusion":
        """`texte` : ce que la plage affiche."""
        fusion = super().__new__(cls, texte)
        fusion.plage = plage
        return fusion


@dataclass(frozen=True)
class Feuille:
    """Une feuille : son nom, si elle est cachée, ses lignes non vides, et combien portent un numéro FINESS."""

    nom: str
    cachee: bool
    nb_lignes: int
    nb_finess: int = 0


@dataclass(frozen=True)
class Lecture:
    """Où lire : la feuille, la première ligne d'en-tête (à partir de 1) et combien de lignes elle occupe (1 à 3).

    `separateur` : celui d'un CSV, s'il a fallu le dire.
    """

    feuille: str
    ligne_entete: int
    nb_entetes: int = 1
    separateur: str = ""

    def en_json(self) -> dict[str, Any]:
        """De quoi la garder dans une correspondance."""
        rendu = {"feuille": self.feuille, "ligne_entete": self.ligne_entete, "nb_entetes": self.nb_entetes}
        return rendu | ({"separateur": self.separateur} if self.separateur else {})

    @classmethod
    def depuis_json(cls, valeurs: dict[str, Any]) -> "Lecture":
        """L'inverse de `en_json`."""
        rangs = int(valeurs["ligne_entete"]), int(valeurs.get("nb_entetes", 1))
        return cls(valeurs["feuille"], *rangs, valeurs.get("separateur") or "")


@dataclass(frozen=True)
class LigneLue:
    """Une ligne de la feuille : son numéro (à partir de 1), une cellule par colonne d'en-tête."""

    numero: int
    cellules: list[Cellule]


@dataclass(frozen=True)
class Grille:
    """Une feuille lue. `entetes` : un intitulé par colonne, vide s'il n'y en a pas. `fautes` : ce qui empêche de lire.

    `avertissements` : lignes de total ignorées, feuilles cachées, lignes masquées, intitulés en double, colonnes sans
    intitulé. `doubles` : intitulé normalisé → places, pour ceux qui sont là plusieurs fois.
    """

    entetes: list[str]
    lignes: list[LigneLue]
    fautes: list[str]
    avertissements: list[str] = field(default_factory=list)
    doubles: dict[str, list[str]] = field(default_factory=dict)


class Classeur:
    """Un classeur ouvert, en mémoire : le fichier peut être refermé."""

    def __init__(self, pages: list[Page]) -> None:
        self.pages = pages
        self.feuilles = [Feuille(p.nom, p.cachee, len(p.cellules), len(_lignes_finess(p))) for p in pages]

    def page(self, nom: str) -> Page:
        """La page de ce nom ; d'un CSV, la seule, quel que soit le nom. Lève `FichierRefuse`."""
        if len(self.pages) == 1 and self.pages[0].nom == PAGE_CSV:
            return self.pages[0]
        page = next((p for p in self.pages if p.nom == nom), None)
        if page is None:
            raise FichierRefuse(FEUILLE_ABSENTE.format(nom, ", ".join(f"« {p.nom} »" for p in self.pages)))
        return page

    def lire(self, lecture: Lecture, *, discret: bool = False) -> Grille:
        """La grille d'une feuille. Lève `FichierRefuse` si la feuille ou la ligne d'en-tête n'y sont pas.

        `discret` : aucun avertissement ne cite une case, ni un intitulé, dans un fichier qui porte des noms.
        """
        page = self.page(lecture.feuille)
        _exiger_lisible(page, lecture)
        entete = _Entete(page, lecture)
        lignes, ignorees = _lignes(page, entete, discret)
        fautes = list(entete.fautes)
        if not any(entete.intitules):
            fautes.append(SANS_INTITULE.format(lecture.ligne_entete))
        elif not lignes:
            fautes.append(SANS_LIGNE.format(lecture.ligne_entete))
        des_intitules = () if discret else entete.avertissements
        avertissements = [*self._autres_feuilles(page), *_masques(page, entete, discret), *des_intitules, *ignorees]
        return Grille(entete.intitules, lignes, fautes, avertissements, entete.doubles)

    def _autres_feuilles(self, lue: Page) -> Iterator[str]:
        if lue.cachee:
            yield CACHEE_LUE.format(lue.nom)
        for feuille in self.feuilles:
            if feuille.nom == lue.nom:
                continue
            if feuille.cachee and feuille.nb_finess:
                yield CACHEE_AVEC.format(feuille.nom, accorde(feuille.nb_finess, "ligne"))
            elif feuille.cachee:
                yield CACHEE_SANS.format(feuille.nom)
            elif feuille.nb_finess:
                yield AUTRE_FEUILLE.format(feuille.nom, accorde(feuille.nb_finess, "ligne"))


def ouvrir_classeur(fichier: IO[bytes], *, ampleur: int = 1, separateur: str = "") -> Classeur:
    """Ouvre un XLSX ou un CSV. Lève `FichierRefuse` (illisible, trop gros) ou `FichierIndesirable` (NIR).

    `ampleur` : combien de fois les bornes ordinaires (5 000 lignes), pour un genre d'import qui en attend plus.
    """
    return Classeur(lire_pages(fichier, ampleur=ampleur, separateur=separateur))


def proposer_lecture(classeur: Classeur) -> Lecture:
    """La feuille visible et les lignes d'en-tête les plus probables ; à montrer, pour que la personne tranche.

    La feuille est celle qui porte le plus de numéros FINESS ; l'en-tête, au-dessus du premier, la ligne où une colonne
    s'intitule FINESS, à défaut la ligne de textes la plus proche. Lève `FichierRefuse` si rien de visible n'est rempli.
    """
    visibles = [(f, p) for f, p in zip(classeur.feuilles, classeur.pages, strict=True) if not f.cachee and f.nb_lignes]
    if not visibles:
        cachees = any(f.nb_lignes for f in classeur.feuilles)
        raise FichierRefuse(TOUTES_CACHEES if cachees else FEUILLE_VIDE.format(classeur.feuilles[0].nom))
    feuille, page = max(visibles, key=lambda fp: (fp[0].nb_finess, 0 if fp[0].nb_finess else fp[0].nb_lignes))
    haut, bas = _situer_entete(page)
    return Lecture(feuille.nom, haut, bas - haut + 1)


def _exiger_lisible(page: Page, lecture: Lecture) -> None:
    if not page.cellules:
        raise FichierRefuse(FEUILLE_VIDE.format(page.nom))
    if page.trop_longue:
        raise FichierRefuse(TROP_LONGUE.format(page.nom, page.ampleur * LIGNES_MAXIMALES))
    if page.trop_large:
        raise FichierRefuse(TROP_LARGE.format(page.trop_large))
    hauteur, largeur = max(page.cellules), page.derniere_colonne
    if not 1 <= lecture.ligne_entete <= hauteur or not 1 <= lecture.nb_entetes <= ENTETES_MAXIMALES:
        raise FichierRefuse(ENTETE_AILLEURS.format(lecture.ligne_entete, page.nom, hauteur))
    if len(page.cellules) * largeur > page.ampleur * GRILLE_MAXIMALE:
        raise FichierRefuse(TROP_GRANDE.format(page.nom, len(page.cellules), largeur))


class _Entete:
    """Les intitulés d'une page : une colonne, un nom, « Groupe / Colonne » quand l'en-tête a plusieurs lignes."""

    def __init__(self, page: Page, lecture: Lecture) -> None:
        self.page = page
        self.lignes = range(lecture.ligne_entete, lecture.ligne_entete + lecture.nb_entetes)
        self.intitules = [self._intitule(colonne) for colonne in range(1, page.derniere_colonne + 1)]
        self.fautes = [
            INTITULE_FORMULE.format(cellule.place)
            for ligne in self.lignes
            for cellule in page.cellules.get(ligne, {}).values()
            if cellule.est_formule
        ]
        places: dict[str, list[str]] = {}
        for colonne, intitule in enumerate(self.intitules, 1):
            if intitule:
                places.setdefault(normaliser(intitule), []).append(f"{get_column_letter(colonne)}{self.lignes[-1]}")
        self.doubles = {nom: ou for nom, ou in places.items() if len(ou) > 1}

    def _intitule(self, colonne: int) -> str:
        morceaux: list[str] = []
        for ligne in self.lignes:
            plage = self.page.fusions.get((ligne, colonne))
            if plage and plage.ligne >= self.lignes[0]:
                texte = self.page.cellule(plage.ligne, plage.colonne).texte
            else:
                texte = "" if plage else self.page.cellule(ligne, colonne).texte
            if texte and texte not in morceaux[-1:]:
                morceaux.append(texte)
        return " / ".join(morceaux)

    @property
    def avertissements(self) -> Iterator[str]:
        """Colonnes sans intitulé, intitulés en double."""
        remplies = {c for ligne, r in self.page.cellules.items() if ligne > self.lignes[-1] for c in r}
        for colonne, intitule in enumerate(self.intitules, 1):
            if not intitule and colonne in remplies:
                yield SANS_NOM.format(get_column_letter(colonne))
        for nom, places in self.doubles.items():
            tel_quel = next(i for i in self.intitules if normaliser(i) == nom)
            yield EN_DOUBLE.format(tel_quel, ", ".join(places))


def _masques(page: Page, entete: _Entete, discret: bool) -> Iterator[str]:
    masquees = sorted(ligne for ligne in page.lignes_masquees if ligne > entete.lignes[-1])
    if masquees:
        reste = len(masquees) - PLACES_DITES
        yield MASQUEES.format(
            ", ".join(f"{ligne}" for ligne in masquees[:PLACES_DITES]) + (f" et {reste} autres" if reste > 0 else "")
        )
    for colonne, intitule in enumerate(entete.intitules, 1):
        if intitule and colonne in page.colonnes_masquees and not discret:
            yield COLONNE_MASQUEE.format(get_column_letter(colonne), intitule)


def _lignes(page: Page, entete: _Entete, discret: bool) -> tuple[list[LigneLue], list[str]]:
    """Les lignes qui portent un ESMS, et ce qui est dit de celles qui sont ignorées."""
    lignes, ignorees = [], []
    colonnes = range(1, len(entete.intitules) + 1)
    for numero, rangee in page.cellules.items():
        if numero <= entete.lignes[-1]:
            continue
        if raison := _a_ignorer(numero, rangee, entete, discret):
            ignorees.append(raison)
        else:
            lignes.append(LigneLue(numero, [_cellule(page, numero, colonne) for colonne in colonnes]))
    return lignes, ignorees


def _a_ignorer(numero: int, rangee: dict[int, Cellule], entete: _Entete, discret: bool) -> str:
    textes = [cellule.texte for cellule in rangee.values()]
    total = next((texte for texte in textes[:2] if _TOTAL.fullmatch(normaliser(texte))), "")
    if total and not any(expliquer(texte).numero for texte in textes):
        return (TOTAL_SANS_LE_DIRE if discret else TOTAL_IGNORE).format(numero, total[:40])
    if any(_porte_un_numero(cellule) for cellule in rangee.values()):
        # Un numéro, même faux : c'est une ligne d'ESMS, ses fautes se diront à leur place.
        return ""
    if len(textes) == 1:
        return (SEULE_CASE_SANS_LA_DIRE if discret else SEULE_CASE).format(numero, textes[0][:40])
    if all(entete.intitules[colonne - 1].endswith(c.texte) for colonne, c in rangee.items()):
        return ENTETE_REPETE.format(numero)
    return ""


def _porte_un_numero(cellule: Cellule) -> bool:
    return not isinstance(cellule.valeur, date) and bool(_NUMERO.fullmatch(normaliser_numero(cellule.texte)))


def _cellule(page: Page, ligne: int, colonne: int) -> Cellule:
    plage = page.fusions.get((ligne, colonne))
    cellule = page.cellule(ligne, colonne)
    if plage and (texte := page.cellule(plage.ligne, plage.colonne).texte):
        return Cellule(cellule.place, Fusion(texte, str(plage)))
    return cellule


def _lignes_par_colonne(page: Page) -> dict[int, list[int]]:
    """Colonne → lignes qui y portent un numéro FINESS. La plus fournie seule compte : un SIREN a la même clé."""
    par_colonne: dict[int, list[int]] = {}
    for ligne, rangee in page.cellules.items():
        for colonne, cellule in rangee.items():
            if _porte_un_numero(cellule) and expliquer(cellule.texte).numero:
                par_colonne.setdefault(colonne, []).append(ligne)
    return par_colonne


def _lignes_finess(page: Page) -> list[int]:
    return max(_lignes_par_colonne(page).values(), key=len, default=[])


def _situer_entete(page: Page) -> tuple[int, int]:
    """Première et dernière ligne d'en-tête."""
    premiere = next(iter(_lignes_finess(page)), None)
    debut = {
        n: rangee for n, rangee in list(page.cellules.items())[:LIGNES_D_EN_TETE] if premiere is None or n < premiere
    }
    nommees = [n for n, rangee in debut.items() if _nomme_finess(rangee)]
    candidates = nommees or [n for n, rangee in debut.items() if _ressemble(rangee)]
    if not candidates:
        return next(iter(page.cellules)), next(iter(page.cellules))
    # Sans numéro, rien n'indique où commencent les lignes : la plus remplie des premières.
    bas = candidates[-1] if premiere or nommees else max(candidates, key=lambda n: (len(page.cellules[n]), -n))
    haut = bas
    for plage in {p for (ligne, _), p in page.fusions.items() if ligne == bas and p.hauteur <= ENTETES_MAXIMALES}:
        haut, bas = min(haut, plage.ligne), max(bas, plage.derniere_ligne)
    if haut == bas and bas + 1 in debut and _est_ligne_de_groupes(page, bas):
        bas += 1
    elif _est_ligne_de_groupes(page, haut - 1) and bas - haut + 2 <= ENTETES_MAXIMALES:
        haut -= 1
    return (haut, bas) if bas - haut < ENTETES_MAXIMALES else (bas, bas)


def _nomme_finess(rangee: dict[int, Cellule]) -> bool:
    """Une ligne d'au moins deux cases dont l'une s'intitule FINESS."""
    return len(rangee) > 1 and any(
        "finess" in normaliser(c.texte).split() and len(c.texte) < 40 for c in rangee.values()
    )


def _ressemble(rangee: dict[int, Cellule]) -> bool:
    """Une ligne d'en-tête : au moins deux textes, ni date, ni nombre, ni numéro."""
    return len(rangee) > 1 and all(
        not isinstance(c.valeur, date | int | float) and not _porte_un_numero(c) for c in rangee.values()
    )


def _est_ligne_de_groupes(page: Page, ligne: int) -> bool:
    """Des groupes fusionnés en largeur, juste au-dessus des colonnes ; un titre part de la première colonne, seul."""
    rangee = page.cellules.get(ligne, {})
    groupes = {p for (n, _), p in page.fusions.items() if n == ligne and p.largeur > 1 and p.hauteur == 1}
    titre = len(rangee) == 1 and any(p.colonne == 1 or p.largeur >= page.derniere_colonne for p in groupes)
    return bool(rangee and groupes) and not titre
