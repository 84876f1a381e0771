"""Le dossier de feu vert d'un ESMS, en PDF balisé."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from programme.api.commun import ToutAccepter, lire_filtre
from programme.documents.feu_vert import decides, dossier_de
from programme.documents.rendu import TYPE_PDF
from programme.models import Parcours
from programme.permissions import peut_lire_preparation
from programme.socle.refus_api import CHAMPS, MotifSerializer


class FiltrePassage(serializers.Serializer):
    """De quel passage on veut le dossier."""

    passage = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        help_text="Clé d'un passage décidé, au journal du parcours. Par défaut : le passage qui l'attend.",
    )


class FeuVertParcours(APIView):
    """Le même document que la page."""

    content_negotiation_class = ToutAccepter

    @extend_schema(
        operation_id="parcours_feu_vert",
        summary="Emporter le dossier de feu vert",
        parameters=[FiltrePassage],
        responses={
            (200, TYPE_PDF): OpenApiTypes.BINARY,
            400: CHAMPS,
            401: MotifSerializer,
            403: MotifSerializer,
            404: MotifSerializer,
        },
    )
    def get(self, request: Request, pk: int) -> HttpResponse:
        """Le PDF ; 403 pour qui n'est que financeur."""
        parcours = get_object_or_404(Parcours.objects.visibles_par(request.user).pour_lecture(), pk=pk)
        if not (droit := peut_lire_preparation(request.user, parcours)):
            raise PermissionDenied(droit.motif)
        cle = lire_filtre(FiltrePassage, request).get("passage")
        passage = get_object_or_404(decides(parcours), pk=cle) if cle else None
        dossier = dossier_de(parcours, par=request.user, passage=passage)
        return HttpResponse(
            dossier.en_pdf(),
            content_type=TYPE_PDF,
            headers={"Content-Disposition": f'attachment; filename="{dossier.nom}"'},
        )
