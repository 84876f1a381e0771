"""Parcours : listes, fiche, et ce qui reste à réunir pour un passage."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema_field
from rest_framework import generics, serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from programme.api.annuaire import EsmsCourtSerializer
from programme.api.commun import ListeDePage, decrire, lire_filtre
from programme.models import Etape, Fait, Grappe, Ouverture, Parcours
from programme.models.parcours import ParcoursQuerySet
from programme.permissions import peut_lire_preparation
from programme.socle import porte
from programme.socle.conditions import Constat
from programme.socle.enums import Severite
from programme.socle.refus_api import ManqueSerializer
from programme.views.parcours_liste import ParcoursListe


class GrappeCourteSerializer(serializers.ModelSerializer):
    """Une grappe, là où elle n'est qu'un renvoi."""

    class Meta:
        model = Grappe
        fields = ["id", "nom", "etat"]


class ParcoursSerializer(serializers.ModelSerializer):
    """Une ligne de liste : un ESMS, une solution, une grappe, un état."""

    esms = EsmsCourtSerializer()
    grappe = GrappeCourteSerializer()
    solution = serializers.CharField(source="solution.nom", allow_null=True, default=None)
    vague = serializers.IntegerField(source="vague.numero", allow_null=True, default=None)
    prochaine = serializers.CharField(help_text="Passage qui attend ce parcours ; vide s'il n'en attend pas.")

    class Meta:
        model = Parcours
        fields = [
            "id",
            "esms",
            "grappe",
            "solution",
            "vague",
            "type_projet",
            "point_depart",
            "est_pilote",
            "etat",
            "prochaine",
            "version",
        ]


class EtapeSerializer(serializers.ModelSerializer):
    """Entrée dans un état : de référence, révisée, réelle."""

    class Meta:
        model = Etape
        fields = ["etat", "reference", "revisee", "reelle"]


class FaitSerializer(serializers.ModelSerializer):
    """Un fait daté ; la précision écrite reste sur la page."""

    class Meta:
        model = Fait
        fields = ["nature", "date", "reference"]


class OuvertureSerializer(serializers.ModelSerializer):
    """Un module dans une unité."""

    unite = serializers.CharField(source="unite.nom")
    module = serializers.CharField(source="module.code")

    class Meta:
        model = Ouverture
        fields = ["id", "unite", "module", "etat", "date_visee", "ouverte_le", "retire_le", "version"]


class PreparationDuParcoursSerializer(serializers.ModelSerializer):
    """Ce qui se prépare."""

    faits = FaitSerializer(many=True)

    class Meta:
        model = Parcours
        fields = ["premier_gain", "temps_ecriture", "referent_maintenu", "faits"]


class ParcoursDetailSerializer(ParcoursSerializer):
    """Un parcours, ses dates, ses ouvertures ; `preparation` vaut null pour qui n'y est que financeur."""

    preparation = serializers.SerializerMethodField()
    etapes = EtapeSerializer(many=True)
    ouvertures = serializers.SerializerMethodField()
    possibles = serializers.ListField(child=serializers.CharField(), help_text="Passages qui partent de cet état.")

    class Meta(ParcoursSerializer.Meta):
        fields = [
            *ParcoursSerializer.Meta.fields,
            "motif_sortie",
            "possibles",
            "preparation",
            "etapes",
            "ouvertures",
        ]

    @extend_schema_field(PreparationDuParcoursSerializer(allow_null=True))
    def get_preparation(self, parcours: Parcours) -> Any:
        """Pour qui en a la confiance."""
        confie = peut_lire_preparation(self.context["request"].user, parcours)
        return PreparationDuParcoursSerializer(parcours).data if confie else None

    @extend_schema_field(OuvertureSerializer(many=True))
    def get_ouvertures(self, parcours: Parcours) -> Any:
        """Toutes les ouvertures, unité par unité."""
        lignes = [o for unite in parcours.unites.all() for o in unite.ouvertures.all()]
        return OuvertureSerializer(lignes, many=True).data


class ListeParcours(ListeDePage):
    """Parcours visibles."""

    serializer_class = ParcoursSerializer
    liste = ParcoursListe
    route = "programme:parcours-liste"

    def get_queryset(self) -> QuerySet[Parcours]:
        """L'ensemble de la page, avec la solution, que l'API dit toujours."""
        return super().get_queryset().select_related("solution")

    @decrire("parcours_lister", "Lister les parcours", ParcoursSerializer(many=True), liste=ParcoursListe)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Une page de parcours, par nom d'ESMS."""
        return super().get(*args, **kwargs)


def pour_fiche(parcours: ParcoursQuerySet) -> QuerySet[Parcours]:
    """Tout ce que la fiche montre, en un nombre constant de requêtes."""
    return parcours.pour_lecture().prefetch_related("etapes", "faits", "unites__ouvertures__module")


class LectureParcours(generics.RetrieveAPIView):
    """Un parcours."""

    serializer_class = ParcoursDetailSerializer

    def get_queryset(self) -> QuerySet[Parcours]:
        """Ceux du périmètre."""
        return pour_fiche(Parcours.objects.visibles_par(self.request.user))

    @decrire("parcours_lire", "Lire un parcours", ParcoursDetailSerializer)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """La fiche d'un parcours."""
        return super().get(*args, **kwargs)


class DroitSerializer(serializers.Serializer):
    """En a-t-on le droit, à quel titre, sinon pourquoi."""

    oui = serializers.BooleanField()
    motif = serializers.CharField(allow_blank=True)
    role = serializers.CharField(allow_blank=True)


class ConstatSerializer(serializers.Serializer):
    """Une condition mesurée ; `ok` vaut null quand elle est sans objet."""

    code = serializers.CharField(source="condition.code")
    libelle = serializers.CharField(source="condition.libelle")
    source = serializers.CharField(source="condition.source")
    severite = serializers.ChoiceField(Severite.choices)
    valeur = serializers.FloatField()
    seuil = serializers.FloatField()
    ok = serializers.BooleanField(allow_null=True)
    mesure = serializers.CharField()
    levee_par = serializers.CharField(allow_blank=True)
    pourquoi = serializers.CharField(source="condition.pourquoi")
    lien = serializers.SerializerMethodField()

    def get_lien(self, constat: Constat) -> str:
        """Page qui résout la condition."""
        return constat.condition.lien(self.context["objet"])


class LectureSerializer(serializers.Serializer):
    """Ce que la porte répondrait maintenant, sans rien changer."""

    transition = serializers.CharField()
    droit = DroitSerializer()
    depart_ok = serializers.BooleanField(help_text="Le passage part de l'état actuel.")
    barre = serializers.BooleanField()
    sous_reserve = serializers.BooleanField(help_text="Possible, avec une ligne de motif.")
    obstacles = ManqueSerializer(many=True)
    conditions = ConstatSerializer(many=True, source="constats")


class FiltreTransition(serializers.Serializer):
    """Passage dont on veut les conditions."""

    transition = serializers.ChoiceField(
        list(Parcours.transitions()), required=False, help_text="Par défaut : le passage qui attend ce parcours."
    )


class ConditionsParcours(APIView):
    """Ce qui reste à réunir."""

    @decrire(
        "parcours_conditions",
        "Lire les conditions d'un passage",
        LectureSerializer,
        filtre=FiltreTransition,
        reserve=True,
    )
    def get(self, request: Request, pk: int) -> Response:
        """La même lecture que la page et que la porte."""
        parcours = get_object_or_404(Parcours.objects.visibles_par(request.user).pour_lecture(), pk=pk)
        transition = lire_filtre(FiltreTransition, request).get("transition") or parcours.prochaine
        if not transition:
            raise ValidationError({"transition": ["Aucun passage n'attend ce parcours : nommez-en un."]})
        if not (droit := peut_lire_preparation(request.user, parcours)):
            raise PermissionDenied(droit.motif)
        lecture = porte.lire(parcours, transition, par=request.user)
        return Response(LectureSerializer(lecture, context={"objet": parcours}).data)
