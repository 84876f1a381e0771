"""Besoins et applications, comme sur leurs pages ; besoins communs d'une grappe. Rien pour qui n'est que financeur."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from rest_framework import generics, serializers
from rest_framework.response import Response

from programme.api.annuaire import EsmsCourtSerializer, OgSerializer
from programme.api.commun import ListeDePage, decrire
from programme.models import Application, Besoin, BesoinCommun, Grappe
from programme.permissions import peut_lire_grille
from programme.views.besoins import ApplicationListe, BesoinListe


class BesoinSerializer(serializers.ModelSerializer):
    """Un besoin, dans les mots de l'ESMS ; `module` : son code ; `commun` : la clé du besoin commun où il est rangé."""

    grappe = serializers.IntegerField(source="parcours.grappe_id")
    parcours = serializers.IntegerField(source="parcours_id")
    esms = EsmsCourtSerializer(source="parcours.esms")
    module = serializers.CharField(source="module.code", allow_null=True, default=None)
    commun = serializers.IntegerField(source="commun_id", allow_null=True)

    class Meta:
        model = Besoin
        fields = [
            "id", "grappe", "parcours", "esms", "libelle", "module", "priorite", "perimetre", "methode", "precision",
            "commun",
        ]  # fmt: skip


class ListeBesoins(ListeDePage):
    """Besoins des ESMS dont ce compte lit la préparation."""

    serializer_class = BesoinSerializer
    liste = BesoinListe
    route = "programme:besoin-liste"

    @decrire("besoins_lister", "Lister les besoins", BesoinSerializer(many=True), liste=BesoinListe)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Les lignes de la page « Besoins exprimés », dans le même ordre."""
        return super().get(*args, **kwargs)


class ApplicationSerializer(serializers.ModelSerializer):
    """Une application ; dite pour tout un OG dans la grappe, `parcours` et `esms` valent null, et `og` dit lequel."""

    grappe = serializers.IntegerField(source="grappe_id")
    parcours = serializers.IntegerField(source="parcours_id", allow_null=True)
    esms = EsmsCourtSerializer(source="parcours.esms", allow_null=True, default=None)
    og = OgSerializer(allow_null=True)

    class Meta:
        model = Application
        fields = [
            "id", "grappe", "parcours", "esms", "og", "nom", "editeur", "domaine", "sort", "interface", "pour_qui",
        ]  # fmt: skip


class ListeApplications(ListeDePage):
    """Applications en service, telles que chaque ESMS ou chaque OG les dit."""

    serializer_class = ApplicationSerializer
    liste = ApplicationListe
    route = "programme:application-liste"

    @decrire("applications_lister", "Lister les applications", ApplicationSerializer(many=True), liste=ApplicationListe)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Les lignes de la page « Applications en service », dans le même ordre."""
        return super().get(*args, **kwargs)


class BesoinCommunSerializer(serializers.ModelSerializer):
    """Un besoin commun, et ceux d'origine, parmi les ESMS que ce compte lit."""

    besoins = BesoinSerializer(many=True, source="lus")

    class Meta:
        model = BesoinCommun
        fields = ["id", "libelle", "besoins"]


class BesoinsCommunsGrappe(generics.GenericAPIView):
    """Besoins communs d'une grappe."""

    serializer_class = BesoinCommunSerializer

    @decrire("grappes_besoins_communs", "Lire les besoins communs", BesoinCommunSerializer(many=True), reserve=True)
    def get(self, request: Any, pk: int) -> Response:
        """Ceux que demande au moins un ESMS du périmètre ; fermés au financeur."""
        grappe = get_object_or_404(Grappe.objects.visibles_par(request.user), pk=pk)
        if not (droit := peut_lire_grille(request.user, grappe)):
            raise PermissionDenied(droit.motif)
        lus = Besoin.objects.visibles_par(request.user).pour_lecture().order_by("rang", "pk")
        communs = BesoinCommun.objects.visibles_par(request.user).filter(grappe=grappe)
        page = self.paginate_queryset(communs.prefetch_related(Prefetch("besoins", lus, to_attr="lus")))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)
