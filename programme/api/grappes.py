"""Grappes, et leur grille de préparation : parcours × conditions."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import generics, serializers
from rest_framework.response import Response

from programme.api.annuaire import OgSerializer
from programme.api.commun import ListeDePage, decrire
from programme.api.parcours import ParcoursSerializer
from programme.models import Grappe, Parcours
from programme.models.parcours import SUITES
from programme.permissions import peut_lire_grille
from programme.socle.conditions import evaluer_suites
from programme.socle.decomptes import compter
from programme.socle.enums import Severite
from programme.views.grappes import GrappeListe


class GrappeSerializer(serializers.ModelSerializer):
    """En-tête d'une grappe : sans compte d'ESMS, que tous ceux qui la voient ne doivent pas connaître."""

    porteur = OgSerializer(allow_null=True)
    region = serializers.CharField(source="region_id", allow_null=True)
    solution = serializers.CharField(source="solution.nom", allow_null=True, default=None)
    possibles = serializers.ListField(child=serializers.CharField(), help_text="Passages qui partent de cet état.")

    class Meta:
        model = Grappe
        fields = ["id", "nom", "porteur", "region", "solution", "annee_financement", "etat", "possibles", "version"]


class _Grappes:
    serializer_class = GrappeSerializer
    request: Any

    def get_queryset(self) -> QuerySet[Grappe]:
        """Celles du périmètre."""
        return Grappe.objects.visibles_par(self.request.user).select_related("porteur", "solution")


class ListeGrappes(ListeDePage):
    """Grappes visibles."""

    serializer_class = GrappeSerializer
    liste = GrappeListe
    route = "programme:grappe-liste"

    @decrire("grappes_lister", "Lister les grappes", GrappeSerializer(many=True), liste=GrappeListe)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Une page de grappes, par nom."""
        return super().get(*args, **kwargs)


class LectureGrappe(_Grappes, generics.RetrieveAPIView):
    """Une grappe."""

    @decrire("grappes_lire", "Lire une grappe", GrappeSerializer)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """L'en-tête d'une grappe."""
        return super().get(*args, **kwargs)


class CaseSerializer(serializers.Serializer):
    """Une case de la grille ; `ok` vaut null quand la condition est sans objet."""

    code = serializers.CharField(source="condition.code")
    libelle = serializers.CharField(source="condition.libelle")
    severite = serializers.ChoiceField(Severite.choices)
    ok = serializers.BooleanField(allow_null=True)
    mesure = serializers.CharField()
    levee_par = serializers.CharField(allow_blank=True)


class DecompteSerializer(serializers.Serializer):
    """Combien de conditions barrent, relèvent du plancher légal, avertissent, sont réunies."""

    barre = serializers.IntegerField()
    legal = serializers.IntegerField()
    avertit = serializers.IntegerField()
    reuni = serializers.IntegerField()
    total = serializers.IntegerField()
    reste = serializers.IntegerField()


class PreparationSerializer(serializers.Serializer):
    """Une ligne de la grille : un parcours, le passage qui l'attend, ses conditions."""

    parcours = ParcoursSerializer()
    decompte = DecompteSerializer()
    conditions = CaseSerializer(many=True)


def _lignes(page: list[Parcours]) -> list[dict[str, Any]]:
    """La lecture de la page « préparation » : une condition masquée n'y paraît pas."""
    constats = evaluer_suites(Parcours.objects.filter(pk__in=[p.pk for p in page]), SUITES)
    lignes = []
    for parcours in page:
        montres = [c for c in constats.get(parcours.pk, []) if c.severite != Severite.MASQUEE]
        lignes.append({"parcours": parcours, "conditions": montres, "decompte": compter(montres)})
    return lignes


class PreparationGrappe(generics.GenericAPIView):
    """Grille de préparation."""

    serializer_class = PreparationSerializer

    @decrire("grappes_preparation", "Lire la préparation d'une grappe", PreparationSerializer(many=True), reserve=True)
    def get(self, request: Any, pk: int) -> Response:
        """Une page de parcours de la grappe, avec ce qui leur reste à réunir ; fermée au financeur."""
        grappe = get_object_or_404(Grappe.objects.visibles_par(request.user), pk=pk)
        if not (droit := peut_lire_grille(request.user, grappe)):
            raise PermissionDenied(droit.motif)
        parcours = Parcours.objects.lisibles_par(request.user).filter(grappe=grappe).pour_lecture()
        page = self.paginate_queryset(parcours)
        return self.get_paginated_response(self.get_serializer(_lignes(page), many=True).data)
