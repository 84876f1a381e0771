"""La checklist d'un parcours : la lire, y répondre. Les mêmes droits et les mêmes refus que la page."""

from typing import Any

from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from programme.api.commun import SansChampInconnu, decrire, parcours_a_preparer
from programme.enums import Niveau, StatutAction
from programme.models import Parcours
from programme.services.checklist.lecture import LigneLue, lire_checklist
from programme.services.checklist.reponses import repondre


class ActionSerializer(serializers.Serializer):
    """Une action ; `herite_de` : niveau d'où vient le statut, « mesure », « d_office », ou vide."""

    code = serializers.CharField(source="ligne.code")
    libelle = serializers.CharField(source="ligne.libelle")
    role = serializers.CharField(source="ligne.role")
    phase = serializers.CharField(source="ligne.phase")
    niveau = serializers.ChoiceField(Niveau.choices, source="ligne.niveau")
    statut = serializers.ChoiceField(StatutAction.choices)
    herite_de = serializers.CharField(source="resolue.herite_de", allow_blank=True)
    motif = serializers.CharField(source="reponse.motif", default="", allow_blank=True)
    commentaire = serializers.CharField(source="reponse.commentaire", default="", allow_blank=True)
    echeance = serializers.DateField(allow_null=True)
    source = serializers.CharField(source="ligne.source", allow_blank=True)


class ReponseSerializer(SansChampInconnu):
    """Ce qu'on écrit : un statut, un commentaire, un motif (demandé pour « sans objet »). Le reste demeure."""

    statut = serializers.ChoiceField(StatutAction.choices, required=False)
    commentaire = serializers.CharField(required=False, allow_blank=True, max_length=1000)
    motif = serializers.CharField(required=False, allow_blank=True, max_length=300)


def _ligne(parcours: Parcours, code: str) -> LigneLue:
    ligne = lire_checklist(parcours).ligne(code)
    if ligne is None:
        raise Http404("action inconnue")
    return ligne


class ChecklistParcours(APIView):
    """Checklist d'un parcours."""

    @decrire("parcours_checklist", "Lire la checklist d'un parcours", ActionSerializer(many=True), reserve=True)
    def get(self, request: Request, pk: int) -> Response:
        """Toutes les actions, avec le statut qui vaut et d'où il vient."""
        return Response(ActionSerializer(lire_checklist(parcours_a_preparer(request, pk)).lignes, many=True).data)


class ActionParcours(APIView):
    """Une action de la checklist d'un parcours."""

    @decrire(
        "parcours_checklist_repondre",
        "Répondre à une action de la checklist",
        ActionSerializer,
        demande=ReponseSerializer,
        reserve=True,
    )
    def patch(self, request: Request, pk: int, code: str) -> Response:
        """Écrit la réponse de l'ESMS ; 400 si un champ ne va pas, 403 sans le droit de saisir."""
        parcours = parcours_a_preparer(request, pk)
        _ligne(parcours, code)
        saisie = ReponseSerializer(data=request.data)
        saisie.is_valid(raise_exception=True)
        valeurs: dict[str, Any] = dict(saisie.validated_data)
        repondre(grappe=parcours.grappe, code=code, niveau=Niveau.ESMS, cible=parcours, par=request.user, **valeurs)
        return Response(ActionSerializer(_ligne(parcours, code)).data)
