"""Donner un retour de terrain depuis un programme : le même dépôt que la page, au nom du compte."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from programme.api.commun import SansChampInconnu, decrire
from programme.models import Module, Parcours
from usages.enums import CanalRetour, GraviteRetour
from usages.models import Retour
from usages.permissions import peut_donner_un_retour
from usages.services.retours.capture import deposer
from usages.services.retours.depot import Depot

MODULE_INCONNU = "Aucun module ne porte ce code."


class RetourRecuSerializer(serializers.ModelSerializer):
    """Le retour reçu ; son texte ne se redit pas."""

    parcours = serializers.IntegerField(source="parcours_id")
    module = serializers.CharField(source="module.code", default="")

    class Meta:
        model = Retour
        fields = ["id", "parcours", "module", "gravite", "etat", "recu_le", "cle"]


class NouveauRetourSerializer(SansChampInconnu):
    """Ce qui a posé problème, comment faire mieux ; `cle` rend l'envoi rejouable."""

    parcours = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    probleme = serializers.CharField(max_length=2000)
    amelioration = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    module = serializers.CharField(required=False, allow_blank=True, max_length=40, help_text="Code du module.")
    gravite = serializers.ChoiceField(GraviteRetour.choices, required=False, help_text="`genante` par défaut.")
    cle = serializers.UUIDField(help_text="Tirée par vous : la même clé ne donne qu'un retour.")

    def validate_module(self, code: str) -> Module | None:
        """Le module de ce code."""
        module = Module.objects.filter(code=code).first() if code else None
        if code and module is None:
            raise serializers.ValidationError([MODULE_INCONNU])
        return module

    def validate_probleme(self, texte: str) -> str:
        """Ni NIR, ni INS : la garde du champ."""
        return self._garder("probleme", texte)

    def validate_amelioration(self, texte: str) -> str:
        """La même garde."""
        return self._garder("amelioration", texte)

    def _garder(self, nom: str, texte: str) -> str:
        champ: Any = Retour._meta.get_field(nom)
        return str(champ.clean(texte, None))


class Retours(APIView):
    """Donner un retour."""

    @decrire(
        "retours_creer",
        "Donner un retour de terrain",
        RetourRecuSerializer,
        demande=NouveauRetourSerializer,
        code=201,
        relu=True,
    )
    def post(self, request: Request) -> Response:
        """Le retour reçu : 201 s'il est neuf, 200 si cette clé l'avait déjà donné ; ou ce qui est à corriger."""
        demande = NouveauRetourSerializer(data=request.data)
        demande.is_valid(raise_exception=True)
        lus = demande.validated_data
        parcours = Parcours.objects.visibles_par(request.user).filter(pk=lus.pop("parcours")).first()
        if parcours is None:
            raise Http404
        if not (droit := peut_donner_un_retour(request.user, parcours)):
            raise PermissionDenied(droit.motif)
        depot = Depot(canal=CanalRetour.COMPTE, **lus)
        recu = deposer(parcours=parcours, depot=depot, par=request.user)
        code = status.HTTP_201_CREATED if recu.neuf else status.HTTP_200_OK
        return Response(RetourRecuSerializer(recu.retour).data, code)
