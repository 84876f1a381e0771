"""Les droits d'accès d'un ESMS : la matrice qui fait foi, et son fichier pour l'éditeur. Les droits des pages."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from formation.enums import DroitAcces, EtatMatrice, NatureProfil, PorteeAcces
from formation.permissions import peut_lire_formation
from formation.services.fichier_editeur import Lue, lire, validee_le
from formation.services.matrices import en_vigueur
from formation.views.fichier_editeur import XLSX, en_fichier
from programme.api.commun import ToutAccepter, decrire
from programme.models import Parcours
from programme.socle.refus_api import MotifSerializer
from programme.socle.types_de_fichier import XLSX as FICHIER_XLSX

PAS_ENCORE = "Aucune matrice des droits d'accès n'est validée pour cet ESMS : il n'y a rien à remettre à l'éditeur."


class ProfilLuSerializer(serializers.Serializer):
    """Un profil, et les codes des métiers qui le reçoivent d'office."""

    code = serializers.CharField()
    nom = serializers.CharField()
    nature = serializers.ChoiceField(NatureProfil.choices)
    metiers = serializers.SerializerMethodField()

    def get_metiers(self, profil: Any) -> list[str]:
        """Codes de métiers."""
        return [m.code for m in profil.metiers.all()]


class CaseSerializer(serializers.Serializer):
    """Une case ; celles qui ne donnent aucun droit n'y sont pas."""

    profil = serializers.CharField(help_text="Code du profil.")
    module = serializers.CharField(help_text="Code du module.")
    droit = serializers.ChoiceField([d for d in DroitAcces.choices if d[0] != DroitAcces.AUCUN])
    portee = serializers.ChoiceField(PorteeAcces.choices)


class MatriceLueSerializer(serializers.Serializer):
    """La matrice qui fait foi."""

    id = serializers.IntegerField()
    numero = serializers.IntegerField()
    etat = serializers.ChoiceField(EtatMatrice.choices)
    validee_le = serializers.DateField(allow_null=True)
    revue_prevue_le = serializers.DateField(allow_null=True)
    profils = ProfilLuSerializer(many=True)
    cases = CaseSerializer(many=True)


class HabilitationsSerializer(serializers.Serializer):
    """Les droits d'accès d'un ESMS ; `matrice` vaut null tant qu'aucune n'est validée."""

    parcours = serializers.IntegerField()
    matrice = MatriceLueSerializer(allow_null=True)


def _parcours(request: Request, pk: int) -> Parcours:
    parcours = get_object_or_404(Parcours.objects.visibles_par(request.user), pk=pk)
    if not (droit := peut_lire_formation(request.user, parcours)):
        raise PermissionDenied(droit.motif)
    return parcours


def _en_dict(lue: Lue) -> dict[str, Any]:
    profils, modules = {p.pk: p.code for p in lue.profils}, {m.pk: m.code for m in lue.modules}
    m = lue.matrice
    return {
        "id": m.pk,
        "numero": m.numero,
        "etat": m.etat,
        "validee_le": validee_le(m),
        "revue_prevue_le": m.revue_prevue_le,
        "profils": lue.profils,
        "cases": [
            {"profil": profils[profil], "module": modules[module], "droit": droit, "portee": portee}
            for (profil, module), (droit, portee) in sorted(lue.cases.items())
        ],
    }


class HabilitationsParcours(APIView):
    """Ce que chaque profil peut dans chaque module, tel que la direction l'a validé."""

    @decrire("parcours_habilitations", "Lire les droits d'accès d'un ESMS", HabilitationsSerializer, reserve=True)
    def get(self, request: Request, pk: int) -> Response:
        """La matrice validée, ou null : ne pas en avoir est une réponse, pas une erreur."""
        parcours = _parcours(request, pk)
        matrice = en_vigueur(parcours)
        lue = _en_dict(lire(matrice, avec_metiers=True)) if matrice else None
        return Response(HabilitationsSerializer({"parcours": parcours.pk, "matrice": lue}).data)


class HabilitationsXlsx(APIView):
    """Le fichier remis à l'éditeur."""

    content_negotiation_class = ToutAccepter

    @extend_schema(
        operation_id="parcours_habilitations_xlsx",
        summary="Emporter les droits d'accès d'un ESMS en XLSX",
        responses={
            (200, FICHIER_XLSX.mime): OpenApiTypes.BINARY,
            401: MotifSerializer,
            403: MotifSerializer,
            404: MotifSerializer,
        },
    )
    def get(self, request: Request, pk: int) -> HttpResponse | FileResponse:
        """Le même classeur que la page ; 404 tant que rien n'est validé."""
        matrice = en_vigueur(_parcours(request, pk))
        if matrice is None:
            raise NotFound(PAS_ENCORE)
        return en_fichier(matrice, XLSX)
