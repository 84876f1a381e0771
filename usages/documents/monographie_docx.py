"""Une monographie en DOCX : de vrais titres, de vraies listes, de vrais tableaux, des images qu'on peut lire sans voir.

La couverture est un document de bureautique (`templates/documents/monographie.docx`) ; la suite s'y écrit avec ses
styles, du même rendu que la page et le PDF. Une figure y est une image, suivie du même tableau.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt, RGBColor

from programme.documents.rendu import rendre_docx, rendre_image
from usages.calculs.contenu_monographie import Fait, Figure, Tableau
from usages.calculs.prose import Bloc, Citation, Encadre, Liste, Paragraphe, Texte, Titre
from usages.documents.monographie import image_de, tailles_de
from usages.services.monographies.editions import Lecture
from usages.services.monographies.resolution import PhotoRendue, SectionRendue

GABARIT, GABARIT_FIGURE = "monographie.docx", "monographie_figure.typ"
LARGEUR, HAUTEUR_PHOTO = Cm(16), Cm(9.5)
PREMIERE_COLONNE = 30
"""Signes que vaut la colonne qui nomme un fait, sur cent."""
ETROITE = 14
"""Signes qu'une colonne a toujours."""
_ARDOISE = RGBColor(0x2F, 0x48, 0x58)
_APRES_LE_FOND = tuple(
    f"w:{nom}"
    for nom in (
        *("tabs", "suppressAutoHyphens", "wordWrap", "autoSpaceDE", "autoSpaceDN", "snapToGrid", "spacing", "ind"),
        *("contextualSpacing", "jc", "textAlignment", "outlineLvl", "rPr", "sectPr"),
        *("noWrap", "tcMar", "textDirection", "tcFitText", "vAlign"),
    )
)
"""Ce qui suit un fond dans les réglages d'un paragraphe, puis d'une case."""
_FOND_D_ENTETE, _FOND_D_ENCADRE = "F5F1E9", "EEF2F4"


def en_docx(lecture: Lecture, le: datetime | None = None) -> bytes:
    """Le DOCX de ce qu'on lit."""
    rendu = lecture.rendu
    donnees = {
        "titre": rendu.titre,
        "sous_titre": rendu.sous_titre,
        "esms": rendu.esms,
        "mention": lecture.mention,
        "reperes": [{"nom": nom, "valeur": valeur} for nom, valeur in rendu.reperes],
        "sections": [s.titre for s in rendu.sections],
    }

    def ecrire(document: Any) -> None:
        _Ecriture(document).sections(rendu.sections)

    return rendre_docx(GABARIT, donnees, titre=rendu.titre, le=le or timezone.now(), retoucher=ecrire)


class _Ecriture:
    """Ajoute au document, avec ses styles, ce que dit chaque section."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.figures = self.photos = 0
        self.ecrits: list[Any] = []
        if "Encadré" not in document.styles:
            document.styles.add_style("Encadré", WD_STYLE_TYPE.PARAGRAPH).base_style = document.styles["Normal"]
        # Chercher un style par son nom coûte à chaque paragraphe : on les lit une fois.
        self.styles = {s.name: s.style_id for s in document.styles if s.type == WD_STYLE_TYPE.PARAGRAPH}

    def sections(self, sections: Sequence[SectionRendue]) -> None:
        for rang, section in enumerate(sections):
            titre = self._paragraphe("Heading 1")
            titre.add_run(section.titre)
            titre.paragraph_format.page_break_before = not rang
            if section.faits:
                self._faits(("Repère", "Ce qu'on en sait"), section.faits)
            for bloc in section.blocs:
                self._bloc(bloc)
            for photo in section.photos:
                self._photo(photo)
            for figure in section.figures:
                self._figure(figure)
            for tableau in section.tableaux:
                self._tableau(tableau, titre=True)
            if section.glossaire:
                self._faits(("Sigle", "Ce qu'il veut dire"), section.glossaire)

    def _paragraphe(self, style: str = "") -> Any:
        paragraphe = self.document.add_paragraph()
        if style:
            paragraphe._p.style = self.styles[style]
        self.ecrits.append(paragraphe)
        return paragraphe

    # --- la prose ---

    def _bloc(self, bloc: Bloc) -> None:
        match bloc:
            case Titre(niveau, texte):
                _dire(self._paragraphe(f"Heading {niveau + 1}"), texte)
            case Encadre(titre, dedans):
                self._encadre(titre, dedans)
            case Liste(points, depart):
                self._liste(points, depart)
            case Citation(texte, qui):
                self._citation(texte, qui)
            case Paragraphe(texte):
                _dire(self._paragraphe(), texte)

    def _liste(self, points: Sequence[Texte], depart: int | None) -> None:
        for rang, point in enumerate(points):
            if depart is None:
                _dire(self._paragraphe("List Bullet"), point)
            else:
                # Le numéro s'écrit : une liste de bureautique continuerait celle d'avant.
                paragraphe = self._paragraphe("List Continue")
                paragraphe.paragraph_format.first_line_indent = Cm(-0.6)
                paragraphe.add_run(f"{depart + rang}.\u00a0")
                _dire(paragraphe, point)

    def _citation(self, texte: Texte, qui: str) -> None:
        paragraphe = self._paragraphe("Quote")
        paragraphe.add_run("«\u00a0")
        _dire(paragraphe, texte)
        paragraphe.add_run("\u00a0»")
        if qui:
            paragraphe.add_run().add_break()
            paragraphe.add_run(f"— {qui}").italic = False

    def _encadre(self, titre: Texte, dedans: Iterable[Bloc]) -> None:
        debut = len(self.ecrits)
        entete = self._paragraphe("Encadré")
        entete.paragraph_format.keep_with_next = True
        _dire(entete, titre, gras=True, couleur=_ARDOISE)
        for bloc in dedans:
            self._bloc(bloc)
        for paragraphe in self.ecrits[debut:]:
            _ombrer(paragraphe._p.get_or_add_pPr(), _FOND_D_ENCADRE)

    # --- tableaux, figures, photos ---

    def _faits(self, entetes: tuple[str, str], faits: Iterable[Fait]) -> None:
        self._poser(entetes, tuple(faits), [PREMIERE_COLONNE, 100 - PREMIERE_COLONNE])

    def _tableau(self, tableau: Tableau, *, titre: bool) -> None:
        if not tableau.lignes:
            return
        if titre:
            paragraphe = self._paragraphe("Caption")
            paragraphe.paragraph_format.keep_with_next = True
            paragraphe.add_run(tableau.titre)
        self._poser(tableau.entetes, tableau.lignes, [max(taille + 4, ETROITE) for taille in tailles_de(tableau)])
        if tableau.note:
            self._paragraphe().add_run(tableau.note).font.size = Pt(8.5)

    def _poser(self, entetes: Sequence[str], lignes: Sequence[Sequence[str]], parts: Sequence[int]) -> None:
        table = self.document.add_table(rows=1, cols=len(entetes), style="Table Grid")
        table.autofit = False
        for case, nom in zip(table.rows[0].cells, entetes, strict=True):
            case.paragraphs[0].add_run(nom).bold = True
            _ombrer(case._tc.get_or_add_tcPr(), _FOND_D_ENTETE)
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for ligne in lignes:
            rangee = table.add_row()
            rangee._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            for rang, (case, mots) in enumerate(zip(rangee.cells, ligne, strict=True)):
                case.paragraphs[0].add_run(mots).bold = rang == 0
        self._elargir(table, parts)
        self._paragraphe().paragraph_format.space_after = Pt(2)

    def _elargir(self, table: Any, parts: Sequence[int]) -> None:
        largeurs = [Emu(LARGEUR * part // sum(parts)) for part in parts]
        for colonne, largeur in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), largeurs, strict=True):
            colonne.w = largeur
        for rangee in table.rows:
            for case, largeur in zip(rangee.cells, largeurs, strict=True):
                case.width = largeur
                for paragraphe in case.paragraphs:
                    paragraphe.paragraph_format.space_after = Pt(1)
                    for morceau in paragraphe.runs:
                        morceau.font.size = Pt(9.5)

    def _figure(self, figure: Figure) -> None:
        if figure.barres:
            self.figures += 1
            self._image(io.BytesIO(dessiner(figure)), f"{figure.titre}. {figure.phrase}")
            self._legende(f"Figure {self.figures}. ", figure.titre)
        self._tableau(figure.tableau, titre=not figure.barres)

    def _photo(self, photo: PhotoRendue) -> None:
        image = image_de(photo.piece)
        if image is None:
            return
        self.photos += 1
        haut = image.hauteur * LARGEUR > HAUTEUR_PHOTO * image.largeur
        taille = {"height": HAUTEUR_PHOTO} if haut else {"width": LARGEUR}
        self._image(io.BytesIO(image.octets), photo.description, **taille)
        self._legende(f"Photo {self.photos}. ", photo.sous_titre)

    def _image(self, octets: io.BytesIO, description: str, **taille: Any) -> None:
        paragraphe = self._paragraphe()
        paragraphe.paragraph_format.keep_with_next = True
        posee = paragraphe.add_run().add_picture(octets, **(taille or {"width": LARGEUR}))
        posee._inline.docPr.set("descr", description)

    def _legende(self, numero: str, texte: str) -> None:
        paragraphe = self._paragraphe("Caption")
        paragraphe.add_run(numero).bold = True
        paragraphe.add_run(texte)


def dessiner(figure: Figure) -> bytes:
    """La figure du PDF, en PNG : un seul dessin pour les deux documents."""
    donnees = {"barres": [_barre(b) for b in figure.barres], "legende": [list(paire) for paire in figure.legende]}
    return rendre_image(GABARIT_FIGURE, donnees)


def _barre(barre: Any) -> dict[str, Any]:
    parts = [{"ton": p.ton, "longueur": p.longueur, "dit": p.dit} for p in barre.parts]
    return {"groupe": barre.groupe, "nom": barre.nom, "dit": barre.dit, "parts": parts}


def _dire(paragraphe: Any, texte: Texte, *, gras: bool = False, couleur: RGBColor | None = None) -> None:
    """Les morceaux d'un texte ; une fin de ligne saisie en reste une."""
    for segment in texte:
        for rang, ligne in enumerate(segment.texte.split("\n")):
            if rang:
                paragraphe.add_run().add_break()
            morceau = paragraphe.add_run(ligne)
            if segment.gras or gras:
                morceau.bold = True
            if segment.italique:
                morceau.italic = True
            if couleur is not None:
                morceau.font.color.rgb = couleur


def _ombrer(proprietes: Any, fond: str) -> None:
    """Un fond de couleur, à sa place : la bureautique refuse un réglage dans le désordre."""
    ombre = OxmlElement("w:shd")
    for nom, valeur in (("val", "clear"), ("color", "auto"), ("fill", fond)):
        ombre.set(qn(f"w:{nom}"), valeur)
    proprietes.insert_element_before(ombre, *_APRES_LE_FOND)
