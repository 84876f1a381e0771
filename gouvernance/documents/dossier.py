"""Le dossier de séance à emporter : un PDF balisé, et un DOCX que le secrétariat modifie.

La page, le PDF et le DOCX lisent le même contenu figé, par `disposer` : ils portent donc les mêmes chiffres. Le gabarit
DOCX est un document de bureautique (`templates/documents/dossier_seance.docx`).
"""

import io
import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.text import slugify
from docx.oxml.ns import qn
from docx.shared import Emu
from docxtpl import DocxTemplate

from gouvernance.models import DossierSeance
from programme.documents.cahier import TYPE_DOCX
from programme.documents.rendu import rendre_pdf

GABARIT_PDF = "dossier_seance.typ"
GABARIT_DOCX = settings.RACINE / "templates" / "documents" / "dossier_seance.docx"
TYPE_PDF = "application/pdf"
PDF, DOCX = "pdf", "docx"
FORMES = {PDF: TYPE_PDF, DOCX: TYPE_DOCX}
_NOMBRE = re.compile(r"[−+<]?[\s\d,.  ]+([%€j]|h)?|—|")
_LARGE, _ETROITE = 38, 7
"""Signes au-delà desquels une colonne ne s'élargit plus, et en deçà desquels elle ne se serre plus."""


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
        gabarit = DocxTemplate(GABARIT_DOCX)
        gabarit.render(self.donnees, autoescape=True)
        tableaux = [b for c in self.donnees["chapitres"] for b in c["blocs"] if b["genre"] == "tableau" and b["lignes"]]
        for table, bloc in zip(gabarit.docx.tables, tableaux, strict=True):
            _poser_largeurs(table, [c["part"] for c in bloc["colonnes"]])
        proprietes = gabarit.docx.core_properties
        proprietes.title = f"Dossier de séance, {self.donnees['entete']['titre']}"
        proprietes.created = proprietes.modified = timezone.localtime(self.dossier.fait_le)
        sortie = io.BytesIO()
        gabarit.save(sortie)
        return sortie.getvalue()


def document_de(dossier: DossierSeance) -> Document:
    """Le dossier figé, disposé pour être lu ou emporté."""
    entete = dossier.contenu["entete"]
    nom = f"dossier-{slugify(entete['titre'])[:80]}"
    return Document(nom, disposer(dossier.contenu) | {"empreinte": dossier.empreinte[:12]}, dossier)


def disposer(contenu: dict[str, Any]) -> dict[str, Any]:
    """Le contenu figé, ses chapitres numérotés, ses colonnes dites `{nom, num, part, tete}`.

    `part` : sa largeur relative ; `tete` : elle nomme la ligne (la première qui n'est pas un nombre).
    """
    chapitres = [
        {"rang": rang, "code": c["code"], "titre": c["titre"], "blocs": [_disposer(b) for b in c["blocs"]]}
        for rang, c in enumerate(contenu["chapitres"], 1)
    ]
    return {"entete": contenu["entete"], "chapitres": chapitres}


def _disposer(bloc: dict[str, Any]) -> dict[str, Any]:
    if bloc["genre"] != "tableau":
        return bloc
    colonnes: list[dict[str, Any]] = [
        {"nom": nom, "num": _est_chiffree(cases), "part": _part(nom, cases), "tete": False}
        for nom, cases in zip(bloc["colonnes"], _par_colonne(bloc), strict=True)
    ]
    next((c for c in colonnes if not c["num"]), colonnes[0])["tete"] = True
    return bloc | {"colonnes": colonnes}


def _par_colonne(bloc: dict[str, Any]) -> list[list[str]]:
    return [[ligne[rang] for ligne in bloc["lignes"]] for rang in range(len(bloc["colonnes"]))]


def _est_chiffree(cases: list[str]) -> bool:
    return any(cases) and all(_NOMBRE.fullmatch(case) for case in cases)


def _part(nom: str, cases: list[str]) -> int:
    """Sa place : celle de sa plus longue case, sans que son en-tête se coupe au milieu d'un mot."""
    mot = max((len(m) for m in nom.split()), default=0)
    return max(mot + 2, _ETROITE, min(max((len(c) for c in cases), default=0), _LARGE))


def _poser_largeurs(table: Any, parts: list[int]) -> None:
    """Les colonnes d'une table sur toute la largeur du texte, à proportion : LibreOffice lit la grille et les cases."""
    section = table.part.document.sections[0]
    large = section.page_width - section.left_margin - section.right_margin
    largeurs = [Emu(large * part // sum(parts)) for part in parts]
    for colonne, largeur in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), largeurs, strict=True):
        colonne.w = largeur
    for ligne in table._tbl.tr_lst:
        for case, largeur in zip(ligne.tc_lst, largeurs, strict=True):
            case.width = largeur
