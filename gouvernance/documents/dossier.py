"""Le dossier de séance à emporter : un PDF balisé, et un DOCX que le secrétariat modifie.

La page, le PDF et le DOCX lisent le même contenu figé, par `disposer` : ils portent donc les mêmes chiffres. Le gabarit
DOCX est un document de bureautique (`templates/documents/dossier_seance.docx`).
"""

import re
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.text import slugify
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Emu

from gouvernance.models import DossierSeance
from programme.documents.rendu import TYPE_DOCX, TYPE_PDF, rendre_docx, rendre_pdf

GABARIT_PDF, GABARIT_DOCX = "dossier_seance.typ", "dossier_seance.docx"
PDF, DOCX = "pdf", "docx"
FORMES = {PDF: TYPE_PDF, DOCX: TYPE_DOCX}
_NOMBRE = re.compile(r"[−+<]?[\s\d,.  ]+([%€j]|h)?|—|")
PAGE, LARGE, COURTE, MARGE = 104, 60, 18, 3
"""En signes : une ligne du document, ce qu'une colonne ne dépasse pas, ce qui ne se coupe pas, le blanc autour."""
PRESQUE_TOUTE = 80
"""Pour cent de la ligne à partir desquels une table la prend toute : les bords s'alignent."""


@dataclass(frozen=True, slots=True)
class Document:
    """Un dossier prêt à écrire : le nom du fichier sans extension, ce qu'il dit (du JSON simple), son instant."""

    nom: str
    donnees: dict[str, Any]
    dossier: DossierSeance

    def en_octets(self, forme: str) -> bytes:
        """Le fichier, dans une des `FORMES`."""
        return self.en_pdf() if forme == PDF else self.en_docx()

    def en_pdf(self) -> bytes:
        """Le PDF balisé ; le même dossier rend les mêmes octets."""
        return rendre_pdf(GABARIT_PDF, self.donnees, le=self.dossier.fait_le)

    def en_docx(self) -> bytes:
        """Le DOCX : titres, listes et tableaux de bureautique, rien de figé."""
        titre, le = f"Dossier de séance, {self.donnees['entete']['titre']}", timezone.localtime(self.dossier.fait_le)
        return rendre_docx(GABARIT_DOCX, self.donnees, titre=titre, le=le, retoucher=self._retoucher)

    def _retoucher(self, document: Any) -> None:
        tableaux = [b for c in self.donnees["chapitres"] for b in c["blocs"] if b["genre"] == "tableau" and b["lignes"]]
        for table, bloc in zip(document.tables, tableaux, strict=True):
            _poser_largeurs(table, bloc)


def document_de(dossier: DossierSeance) -> Document:
    """Le dossier figé, disposé pour être lu ou emporté."""
    entete = dossier.contenu["entete"]
    nom = f"dossier-{slugify(entete['titre'])[:80]}"
    return Document(nom, disposer(dossier.contenu) | {"empreinte": dossier.empreinte[:12]}, dossier)


def disposer(contenu: dict[str, Any]) -> dict[str, Any]:
    """Le contenu figé, ses chapitres numérotés, ses colonnes dites `{nom, num, part, tete}`.

    `part` : sa largeur, relative aux autres ; `tete` : elle nomme la ligne (la première qui n'est pas un nombre).
    `largeur` d'un tableau : en pour cent de la ligne.
    """
    chapitres = [
        {"rang": rang, "code": c["code"], "titre": c["titre"], "blocs": [_disposer(b) for b in c["blocs"]]}
        for rang, c in enumerate(contenu["chapitres"], 1)
    ]
    return {"entete": contenu["entete"], "chapitres": chapitres}


def _disposer(bloc: dict[str, Any]) -> dict[str, Any]:
    if bloc["genre"] != "tableau":
        return bloc
    cases = _par_colonne(bloc)
    parts = _repartir([_place(nom, siennes) for nom, siennes in zip(bloc["colonnes"], cases, strict=True)])
    colonnes: list[dict[str, Any]] = [
        {"nom": nom, "num": _est_chiffree(siennes), "part": part, "tete": False}
        for nom, siennes, part in zip(bloc["colonnes"], cases, parts, strict=True)
    ]
    next((c for c in colonnes if not c["num"]), colonnes[0])["tete"] = True
    largeur = round(100 * sum(parts) / PAGE)
    return bloc | {"colonnes": colonnes, "largeur": largeur if largeur < PRESQUE_TOUTE else 100}


def _par_colonne(bloc: dict[str, Any]) -> list[list[str]]:
    return [[ligne[rang] for ligne in bloc["lignes"]] for rang in range(len(bloc["colonnes"]))]


def _est_chiffree(cases: list[str]) -> bool:
    return any(cases) and all(_NOMBRE.fullmatch(case) for case in cases)


def _place(nom: str, cases: list[str]) -> int:
    """Les signes qu'il lui faut : sa plus longue case, et un en-tête sur deux lignes, sans mot coupé."""
    mot = max((len(m) for m in nom.split()), default=0)
    return max(mot, len(nom) // 2 + 1, min(max((len(c) for c in cases), default=0), LARGE)) + MARGE


def _repartir(places: list[int]) -> list[int]:
    """Ce qui est court garde sa place, une date ne se coupe pas ; le reste se partage ce qui reste de la ligne."""
    longues = sum(p for p in places if p > COURTE)
    reste = PAGE - (sum(places) - longues)
    if sum(places) <= PAGE or not longues or reste <= 0:
        return places
    return [p if p <= COURTE else max(1, p * reste // longues) for p in places]


def _poser_largeurs(table: Any, bloc: dict[str, Any]) -> None:
    """Les colonnes à leur largeur, les nombres à droite."""
    # La largeur se dit à trois endroits : Word et LibreOffice n'en lisent pas le même.
    section = table.part.document.sections[0]
    large = (section.page_width - section.left_margin - section.right_margin) * bloc["largeur"] // 100
    parts = [c["part"] for c in bloc["colonnes"]]
    largeurs = [Emu(large * part // sum(parts)) for part in parts]
    table._tbl.tblPr.find(qn("w:tblW")).set(qn("w:w"), str(50 * bloc["largeur"]))
    for colonne, largeur in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), largeurs, strict=True):
        colonne.w = largeur
    for ligne in table._tbl.tr_lst:
        for case, largeur, colonne in zip(ligne.tc_lst, largeurs, bloc["colonnes"], strict=True):
            case.width = largeur
            if colonne["num"]:
                case.p_lst[0].get_or_add_pPr().jc_val = WD_ALIGN_PARAGRAPH.RIGHT
