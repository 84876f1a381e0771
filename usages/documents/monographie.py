"""Une monographie à emporter : le PDF balisé, et le DOCX qu'on reprend. La page, l'API et eux lisent le même rendu.

Les données sont du JSON simple : rien de ce qu'on a tapé n'est du balisage, ni pour typst, ni pour le DOCX.
"""

import base64
import io
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.text import slugify
from PIL import Image, ImageOps

from programme.documents.rendu import rendre_pdf
from programme.socle.dates import date_courte
from programme.socle.models import Piece
from usages.calculs.contenu_monographie import Figure, Tableau
from usages.calculs.rendus_prose import en_donnees
from usages.services.monographies.editions import Lecture
from usages.services.monographies.resolution import PhotoRendue, SectionRendue

GABARIT = "monographie.typ"
COTE, QUALITE = 1400, 82
"""Pixels du plus grand côté d'une photo imprimée sur une page, et sa qualité."""
COUPURE = 24
"""Signes d'un seul tenant au-delà desquels une ligne se coupe plutôt que de sortir de sa case."""
LARGE, COURTE = 56, 16
"""En signes : ce qu'une colonne ne dépasse pas, ce qui ne se coupe pas."""
_D_UN_TENANT = re.compile(rf"\S{{{COUPURE}}}(?=\S)")
_ESPACE_NULLE = "\u200b"


@dataclass(frozen=True, slots=True)
class Photo:
    """Une photo prête à poser : ses octets JPEG, sa taille en pixels."""

    octets: bytes
    largeur: int
    hauteur: int


def image_de(piece: Piece) -> Photo | None:
    """L'image d'une pièce, à la taille d'une page ; None si son fichier n'est plus là, ou ne se lit plus."""
    try:
        with piece.fichier.open("rb") as fichier, Image.open(fichier) as lue:
            image = ImageOps.exif_transpose(lue).convert("RGB")
    except (OSError, ValueError):
        return None
    image.thumbnail((COTE, COTE))
    sortie = io.BytesIO()
    image.save(sortie, "JPEG", quality=QUALITE)
    return Photo(sortie.getvalue(), *image.size)


def en_svg(image: Photo) -> str:
    """La même, dans un SVG : le gabarit ne lit que du texte."""
    taille = f'width="{image.largeur}" height="{image.hauteur}"'
    octets = base64.b64encode(image.octets).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {taille} viewBox="0 0 {image.largeur} {image.hauteur}">'
        f'<image {taille} href="data:image/jpeg;base64,{octets}"/></svg>'
    )


def tailles_de(tableau: Tableau) -> list[int]:
    """Ce que chaque colonne a de plus long, en signes, sans compter ce qui passe à la ligne de toute façon."""
    colonnes = zip(tableau.entetes, *tableau.lignes, strict=True)
    return [min(max(map(len, colonne)), LARGE) for colonne in colonnes]


def parts_de(tableau: Tableau) -> list[int]:
    """La largeur de chaque colonne, relative aux autres ; 0 : courte, elle prend ce qu'il lui faut et rien de plus."""
    parts = [0 if taille <= COURTE else taille for taille in tailles_de(tableau)]
    # La table tient toute la ligne : une colonne au moins s'étire.
    return parts if any(parts) else [*parts[:-1], 1]


def donnees(lecture: Lecture, le: datetime) -> dict[str, Any]:
    """Ce que le gabarit dispose."""
    rendu = lecture.rendu
    return _coupees(
        {
            "titre": rendu.titre,
            "sous_titre": rendu.sous_titre,
            "esms": rendu.esms,
            "etude": rendu.etude,
            "mention": lecture.mention,
            "travail": lecture.est_travail,
            "filigrane": str(lecture.monographie.get_etat_display()).split()[0] if lecture.est_travail else "",
            "pied": f"{lecture.mention} · imprimé le {date_courte(timezone.localtime(le).date())}",
            "reperes": [list(r) for r in rendu.reperes],
            "sections": [_section(s) for s in rendu.sections],
        }
    )


def _section(section: SectionRendue) -> dict[str, Any]:
    return {
        "titre": section.titre,
        "faits": [list(f) for f in section.faits],
        "tableaux": [_tableau(t) for t in section.tableaux],
        "figures": [_figure(f) for f in section.figures],
        "blocs": en_donnees(section.blocs),
        "photos": [posee for p in section.photos if (posee := _photo(p))],
        "glossaire": [list(g) for g in section.glossaire],
    }


def _tableau(tableau: Tableau) -> dict[str, Any]:
    return asdict(tableau) | {"parts": parts_de(tableau)}


def _figure(figure: Figure) -> dict[str, Any]:
    return asdict(figure) | {"tableau": _tableau(figure.tableau)}


def _photo(photo: PhotoRendue) -> dict[str, Any] | None:
    image = image_de(photo.piece)
    if image is None:
        return None
    return {"svg": en_svg(image), "description": photo.description, "legende": photo.sous_titre}


def _coupees(valeur: Any, cle: str = "") -> Any:
    """Les mêmes données, chaque suite de signes trop longue coupée ; l'image, elle, reste entière."""
    if isinstance(valeur, str):
        return valeur if cle == "svg" else _D_UN_TENANT.sub(rf"\g<0>{_ESPACE_NULLE}", valeur)
    if isinstance(valeur, dict):
        return {nom: _coupees(v, nom) for nom, v in valeur.items()}
    return [_coupees(v) for v in valeur] if isinstance(valeur, list | tuple) else valeur


def en_pdf(lecture: Lecture, le: datetime | None = None) -> bytes:
    """Le PDF balisé."""
    instant = le or timezone.now()
    return rendre_pdf(GABARIT, donnees(lecture, instant), le=instant)


def nom_du_fichier(lecture: Lecture) -> str:
    """« monographie-ime-les-tilleuls-edition-2 », sans extension."""
    suite = f"edition-{lecture.edition.numero}" if lecture.edition else f"travail-{lecture.le:%Y-%m-%d}"
    return f"monographie-{slugify(lecture.rendu.esms)[:60]}-{suite}"
