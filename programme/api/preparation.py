"""La préparation d'un parcours : ses cinq chantiers, son cadre légal, ce qu'il reprend. La lecture de la page."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from programme.api.commun import decrire
from programme.enums import Chantier, EtatChantier, NatureFait
from programme.models import AvisChantier, LigneReprise, Parcours
from programme.permissions import peut_lire_preparation
from programme.services.cadre_legal import cadre_de, faits_legaux
from programme.services.chantiers import lire_chantiers


class ResteSerializer(serializers.Serializer):
    """Un point qui reste à réunir ; `lien` : la page qui le réunit."""

    libelle = serializers.CharField()
    detail = serializers.CharField(allow_blank=True)
    lien = serializers.CharField(allow_blank=True)


class AvisSerializer(serializers.ModelSerializer):
    """L'état dit par l'ESMS à la place du calcul."""

    par = serializers.CharField(source="par.nom")

    class Meta:
        model = AvisChantier
        fields = ["etat", "motif", "par", "le"]


class ChantierSerializer(serializers.Serializer):
    """Un chantier : `etat` vaut, `calcule` est celui des faits, `avis` dit pourquoi ils diffèrent, ou null."""

    code = serializers.ChoiceField(Chantier.choices, source="chantier")
    libelle = serializers.CharField(source="nom")
    etat = serializers.ChoiceField(EtatChantier.choices)
    calcule = serializers.ChoiceField(EtatChantier.choices)
    avis = AvisSerializer(allow_null=True)
    reste = ResteSerializer(many=True)


class LigneLegaleSerializer(serializers.Serializer):
    """Une obligation ; `date` vaut null tant qu'elle n'est pas remplie. `plancher` : sans elle, un passage attend."""

    nature = serializers.ChoiceField(NatureFait.choices)
    libelle = serializers.CharField()
    plancher = serializers.BooleanField()
    date = serializers.DateField(source="fait.date", default=None, allow_null=True)
    reference = serializers.CharField(source="fait.reference", default="", allow_blank=True)


class LigneRepriseSerializer(serializers.ModelSerializer):
    """Des données à reprendre ; `volume` et `reste` valent null tant qu'ils ne sont pas comptés."""

    est_faite = serializers.BooleanField()

    class Meta:
        model = LigneReprise
        fields = [
            "id",
            "quoi",
            "source",
            "volume",
            "unite",
            "reste",
            "moyen",
            "qui",
            "echeance",
            "securite_soins",
            "est_faite",
        ]


class PreparationParcoursSerializer(serializers.Serializer):
    """Ce que montre la page « Préparer »."""

    chantiers = ChantierSerializer(many=True)
    cadre_legal = LigneLegaleSerializer(many=True)
    reprises = LigneRepriseSerializer(many=True)


class PreparationParcours(APIView):
    """Préparation d'un parcours."""

    @decrire("parcours_preparation", "Lire la préparation d'un parcours", PreparationParcoursSerializer, reserve=True)
    def get(self, request: Request, pk: int) -> Response:
        """Les cinq chantiers, le cadre légal, les données à reprendre ; fermée au financeur."""
        parcours = get_object_or_404(Parcours.objects.visibles_par(request.user).pour_lecture(), pk=pk)
        if not (droit := peut_lire_preparation(request.user, parcours)):
            raise PermissionDenied(droit.motif)
        lue: dict[str, Any] = {
            "chantiers": lire_chantiers([parcours])[pk],
            "cadre_legal": cadre_de(faits_legaux(parcours)),
            "reprises": parcours.reprises.all(),
        }
        return Response(PreparationParcoursSerializer(lue).data)
