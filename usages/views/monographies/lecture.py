"""Lire une monographie, ou une de ses éditions : la page, le PDF, le DOCX ; les mêmes mots, les mêmes chiffres."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from programme.documents.rendu import TYPE_DOCX, TYPE_PDF
from programme.models import Utilisateur
from programme.views.requete import Requete
from usages.calculs.prose import SECTION
from usages.calculs.rendus_prose import Entree, en_html, titres
from usages.documents import monographie as document
from usages.documents import monographie_docx
from usages.models import Edition, Monographie
from usages.permissions.etudes import peut_lire_l_etude
from usages.services.monographies.editions import Lecture, lire_edition, lire_pour
from usages.services.monographies.resolution import SectionRendue
from usages.services.monographies.titres import taire_les_titres

SANS_EDITION = "cette monographie n'est pas encore publiée"
GABARIT = "usages/monographie_lire.html"


@dataclass(frozen=True, slots=True)
class SectionEnPage:
    """Une section, sa prose en HTML, et ses titres pour la table."""

    section: SectionRendue
    prose: SafeString
    titres: tuple[Entree, ...]

    @classmethod
    def de(cls, section: SectionRendue) -> "SectionEnPage":
        """Les titres de sa prose passent sous le sien."""
        prose = en_html(section.blocs, decalage=2, prefixe=section.code)
        entrees = titres(section.blocs, prefixe=section.code)
        return cls(section, prose, tuple(t for t in entrees if t.niveau == SECTION))


def lecture_de(lecteur: Utilisateur, pk: int, edition: str = "") -> Lecture:
    """Ce que cette personne en lit ; `edition` : un numéro, sinon ce qui lui revient. 404 pour tout le reste."""
    if edition:
        numero = int(edition) if edition.isdecimal() and len(edition) < 5 else 0
        editions = Edition.objects.visibles_par(lecteur).pour_lecture()
        return lire_edition(get_object_or_404(editions, monographie=pk, numero=numero))
    vues = Monographie.objects.lisibles_par(lecteur).pour_lecture()
    lue = lire_pour(get_object_or_404(vues, pk=pk), lecteur, le=timezone.localdate())
    if lue is None:
        raise Http404(SANS_EDITION)
    return lue


def _montrer(request: Requete, lecture: Lecture) -> HttpResponse:
    equipe = bool(peut_lire_l_etude(request.user, lecture.monographie))
    contexte: dict[str, Any] = {
        "lecture": lecture,
        "rendu": lecture.rendu,
        # Le titre de travail n'est qu'au fil d'Ariane : il se tait comme celui du document.
        "monographie": taire_les_titres([lecture.monographie])[0],
        "sections": [SectionEnPage.de(s) for s in lecture.rendu.sections],
        "a_voir": lecture.rendu.a_voir if equipe else (),
        "equipe": equipe,
        "suite": f"?edition={lecture.edition.numero}" if lecture.edition else "",
    }
    return render(request, GABARIT, contexte)


@require_safe
def lire(request: Requete, pk: int) -> HttpResponse:
    """Le travail en cours pour qui le voit, la dernière édition pour les autres."""
    return _montrer(request, lecture_de(request.user, pk))


@require_safe
def edition(request: Requete, pk: int) -> HttpResponse:
    """Une édition publiée, la dernière ou une d'avant."""
    vues = Edition.objects.visibles_par(request.user).pour_lecture()
    return _montrer(request, lire_edition(get_object_or_404(vues, pk=pk)))


@require_safe
def en_pdf(request: Requete, pk: int) -> HttpResponse:
    """Le PDF balisé de ce qu'on lit ; `edition` en choisit une."""
    lecture = lecture_de(request.user, pk, request.GET.get("edition", ""))
    entete = {"Content-Disposition": f'inline; filename="{document.nom_du_fichier(lecture)}.pdf"'}
    return HttpResponse(document.en_pdf(lecture), content_type=TYPE_PDF, headers=entete)


@require_safe
def en_docx(request: Requete, pk: int) -> HttpResponse:
    """Le même en DOCX, à reprendre."""
    lecture = lecture_de(request.user, pk, request.GET.get("edition", ""))
    entete = {"Content-Disposition": f'attachment; filename="{document.nom_du_fichier(lecture)}.docx"'}
    return HttpResponse(monographie_docx.en_docx(lecture), content_type=TYPE_DOCX, headers=entete)
