"""Régions : combien d'ESMS du projet à chaque état, et quelles grappes. La même lecture que la page."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import generics, serializers
from rest_framework.response import Response

from programme.api.commun import decrire
from programme.enums import EtatParcours
from programme.models import Grappe, Region
from programme.services.lecture_regions import compter_par_etat, grappes_de


class NombresSerializer(serializers.Serializer):
    """Un nombre d'ESMS par état du parcours."""

    def get_fields(self) -> dict[str, Any]:
        """Un champ par état."""
        return {etat: serializers.IntegerField() for etat in EtatParcours.values}


class RegionSerializer(serializers.Serializer):
    """Une région du périmètre. `total` : encore dans le projet, suspendus compris, sortis mis à part."""

    code = serializers.CharField()
    nom = serializers.CharField()
    total = serializers.IntegerField()
    par_etat = NombresSerializer()


class GrappeDeRegionSerializer(serializers.ModelSerializer):
    """Une grappe visible, et combien de ses ESMS visibles sont dans la région."""

    nb_esms = serializers.IntegerField()

    class Meta:
        model = Grappe
        fields = ["id", "nom", "etat", "nb_esms"]


class RegionDetailSerializer(RegionSerializer):
    """Une région et ses grappes."""

    grappes = GrappeDeRegionSerializer(many=True)


def _lignes(lecteur: Any, regions: list[Region]) -> list[dict[str, Any]]:
    comptes = compter_par_etat(lecteur, [region.pk for region in regions])
    return [
        {
            "code": region.pk,
            "nom": region.nom,
            "total": comptes[region.pk].total() - comptes[region.pk][EtatParcours.SORTI],
            "par_etat": {etat: comptes[region.pk][etat] for etat in EtatParcours.values},
        }
        for region in regions
    ]


class ListeRegions(generics.GenericAPIView):
    """Régions du périmètre."""

    serializer_class = RegionSerializer

    def get_queryset(self) -> QuerySet[Region]:
        """Celles où le lecteur voit quelque chose."""
        return Region.objects.visibles_par(self.request.user)

    @decrire("regions_lister", "Lister les régions", RegionSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Une page de régions, par nom."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(_lignes(request.user, page or []), many=True).data)


class LectureRegion(generics.GenericAPIView):
    """Une région."""

    serializer_class = RegionDetailSerializer

    @decrire("regions_lire", "Lire une région", RegionDetailSerializer)
    def get(self, request: Any, code: str) -> Response:
        """Une région du périmètre, ses ESMS par état et ses grappes visibles."""
        region = get_object_or_404(Region.objects.visibles_par(request.user), pk=code)
        ligne = _lignes(request.user, [region])[0]
        return Response(self.get_serializer(ligne | {"grappes": grappes_de(request.user, region)}).data)
