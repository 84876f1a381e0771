"""Le dernier dossier d'une séance, en PDF balisé ou en DOCX : les mêmes fichiers que la page."""

from typing import ClassVar

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.views import APIView

from gouvernance.documents.dossier import DOCX, FORMES, PDF
from gouvernance.models import Seance
from gouvernance.permissions import peut_suivre_seance
from gouvernance.services.dossiers import dernier_de
from gouvernance.views.dossiers import emporter
from programme.api.commun import ToutAccepter
from programme.socle.refus_api import MotifSerializer

PAS_ENCORE = "Aucun dossier n'est fait pour cette séance : faites-le sur sa page, il se lira ici ensuite."
_REFUS = {401: MotifSerializer, 403: MotifSerializer, 404: MotifSerializer}


class _DossierSeance(APIView):
    """Lire n'écrit pas : le dossier se fait sur la page de la séance."""

    content_negotiation_class = ToutAccepter
    forme: ClassVar[str]

    def rendre(self, request: Request, pk: int) -> HttpResponse:
        """Le fichier ; 403 pour qui ne lit qu'un compte rendu partagé, 404 tant qu'aucun dossier n'est fait."""
        seance = get_object_or_404(Seance.objects.visibles_par(request.user).pour_lecture(), pk=pk)
        if not (droit := peut_suivre_seance(request.user, seance)):
            raise PermissionDenied(droit.motif)
        if (dossier := dernier_de(seance)) is None:
            raise NotFound(PAS_ENCORE)
        return emporter(dossier, self.forme)


class DossierSeancePdf(_DossierSeance):
    """Le PDF balisé."""

    forme = PDF

    @extend_schema(
        operation_id="seances_dossier_pdf",
        summary="Emporter le dossier de séance en PDF",
        responses={(200, FORMES[PDF]): OpenApiTypes.BINARY, **_REFUS},
    )
    def get(self, request: Request, pk: int) -> HttpResponse:
        """Le dernier dossier fait."""
        return self.rendre(request, pk)


class DossierSeanceDocx(_DossierSeance):
    """Le DOCX."""

    forme = DOCX

    @extend_schema(
        operation_id="seances_dossier_docx",
        summary="Emporter le dossier de séance en DOCX",
        responses={(200, FORMES[DOCX]): OpenApiTypes.BINARY, **_REFUS},
    )
    def get(self, request: Request, pk: int) -> HttpResponse:
        """Le dernier dossier fait."""
        return self.rendre(request, pk)
