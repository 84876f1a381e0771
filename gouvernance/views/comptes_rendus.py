"""Emporter le compte rendu d'une séance : PDF balisé, ou DOCX à reprendre."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from gouvernance.documents.compte_rendu import document_de
from gouvernance.views.seances import seance_visible
from programme.documents.rendu import TYPE_DOCX, TYPE_PDF
from programme.views.requete import Requete


def _emporter(octets: bytes, type_: str, nom: str) -> HttpResponse:
    entetes = {"Content-Disposition": f'attachment; filename="{nom}"'}
    return HttpResponse(octets, content_type=type_, headers=entetes)


@require_safe
def pdf(request: Requete, pk: int) -> HttpResponse:
    """L'ordre du jour avant la séance, le projet après, le compte rendu figé une fois diffusé."""
    document = document_de(seance_visible(request, pk))
    return _emporter(document.en_pdf(), TYPE_PDF, document.nom("pdf"))


@require_safe
def docx(request: Requete, pk: int) -> HttpResponse:
    """Le même, dans un traitement de texte."""
    document = document_de(seance_visible(request, pk))
    return _emporter(document.en_docx(), TYPE_DOCX, document.nom("docx"))
