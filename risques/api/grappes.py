"""Les risques d'un ESMS et d'une grappe : total en maîtrise, analyse locale, registre. Les droits des pages."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from programme.api.annuaire import EsmsCourtSerializer
from programme.api.commun import decrire
from programme.models import Grappe, Parcours
from risques.enums import (
    CategorieRisque,
    EtatAnalyse,
    EtatRisque,
    NatureGrille,
    NiveauRisque,
    PhaseCampagne,
    SensEchelle,
)
from risques.permissions import peut_lire_les_risques
from risques.services.lecture_api import risques_de_la_grappe, risques_du_parcours
from risques.services.resultats import MOYENNE

NATURES = (str(NatureGrille.CONSENSUS), str(NatureGrille.REUNION), MOYENNE)


class VersionPoseeSerializer(serializers.Serializer):
    """La version répondue ; `grappe` : celle à qui elle appartient, null pour celles de Treille."""

    questionnaire = serializers.CharField()
    numero = serializers.IntegerField()
    sens = serializers.ChoiceField(SensEchelle.choices)
    grappe = serializers.IntegerField(allow_null=True)


class SectionLueSerializer(serializers.Serializer):
    """Une section, en maîtrise ; `valeur` vaut null si rien n'y est noté ou si le sens est inconnu."""

    code = serializers.CharField()
    nom = serializers.CharField()
    valeur = serializers.IntegerField(allow_null=True)
    sur = serializers.FloatField()
    nb_notees = serializers.IntegerField(help_text="Questions qui comptent, « sans objet » exclus.")
    somme = serializers.FloatField(help_text="Notes brutes, telles que données, quel que soit le sens de l'échelle.")
    inverse = serializers.FloatField(help_text="Les mêmes, retournées : 11n − somme pour n notes de 1 à 10.")


class LigneAnalyseSerializer(serializers.Serializer):
    """Une catégorie de l'analyse locale."""

    categorie = serializers.ChoiceField(CategorieRisque.choices)
    probabilite = serializers.IntegerField(allow_null=True, help_text="De 1 à 4.")
    impact = serializers.IntegerField(allow_null=True, help_text="De 1 à 4.")
    criticite = serializers.IntegerField(allow_null=True, help_text="Probabilité × impact.")
    niveau = serializers.ChoiceField(NiveauRisque.choices, allow_null=True)
    mot = serializers.CharField(allow_blank=True)


class AnalyseSerializer(serializers.Serializer):
    """L'analyse locale ; `categories` dit la dernière transmission, même si elle se récrit depuis."""

    etat = serializers.ChoiceField(EtatAnalyse.choices)
    transmise_le = serializers.DateField(allow_null=True)
    categories = LigneAnalyseSerializer(many=True)


class AnalyseDEsmsSerializer(AnalyseSerializer):
    """L'analyse d'un ESMS de la grappe."""

    parcours = serializers.IntegerField()
    esms = EsmsCourtSerializer()


class RisqueLuSerializer(serializers.Serializer):
    """Un risque ; `parcours` vaut null pour toute la grappe. `niveau` : résiduel s'il est coté, brut sinon.

    `precision` et `proprietaire` sont vides pour le financeur.
    """

    id = serializers.IntegerField()
    parcours = serializers.IntegerField(allow_null=True)
    libelle = serializers.CharField()
    precision = serializers.CharField(allow_blank=True)
    categorie = serializers.ChoiceField(CategorieRisque.choices)
    etat = serializers.ChoiceField(EtatRisque.choices)
    probabilite = serializers.IntegerField()
    impact = serializers.IntegerField()
    criticite = serializers.IntegerField(help_text="Brute, de 1 à 16.")
    probabilite_residuelle = serializers.IntegerField(allow_null=True)
    impact_residuel = serializers.IntegerField(allow_null=True)
    criticite_residuelle = serializers.IntegerField(allow_null=True)
    niveau = serializers.ChoiceField(NiveauRisque.choices)
    proprietaire = serializers.CharField(allow_blank=True, help_text="Un nom ou une fonction.")
    revue_le = serializers.DateField(allow_null=True)
    version = serializers.IntegerField()


class _EvaluationSerializer(serializers.Serializer):
    """Le dernier questionnaire de risques rendu ; tout vaut null, et `sections` est vide, s'il n'y en a pas."""

    total = serializers.IntegerField(allow_null=True, help_text="En maîtrise : 1000 = aucun risque.")
    sur = serializers.IntegerField(allow_null=True)
    complet = serializers.BooleanField(allow_null=True, help_text="Faux : des questions restent sans réponse.")
    date = serializers.DateField(allow_null=True, help_text="Jour de la transmission.")
    nature = serializers.ChoiceField(NATURES, allow_null=True)
    phase = serializers.ChoiceField(PhaseCampagne.choices, allow_null=True)
    etoilees = serializers.BooleanField(allow_null=True, help_text="Les questions étoilées seulement.")
    version = VersionPoseeSerializer(allow_null=True)
    sections = SectionLueSerializer(many=True)


class RisquesParcoursSerializer(_EvaluationSerializer):
    """Les risques d'un ESMS."""

    parcours = serializers.IntegerField()
    grappe = serializers.IntegerField()
    esms = EsmsCourtSerializer()
    analyse = AnalyseSerializer(allow_null=True)
    registre = RisqueLuSerializer(many=True)


class RisquesGrappeSerializer(_EvaluationSerializer):
    """Les risques d'une grappe et ceux de ses ESMS que le lecteur lit."""

    grappe = serializers.IntegerField()
    analyses = AnalyseDEsmsSerializer(many=True)
    registre = RisqueLuSerializer(many=True)


class RisquesParcours(APIView):
    """Risques d'un ESMS."""

    @decrire("parcours_risques", "Lire les risques d'un parcours", RisquesParcoursSerializer, reserve=True)
    def get(self, request: Request, pk: int) -> Response:
        """Total et sections en maîtrise, analyse locale, registre ; fermé au financeur sans partage."""
        vus = Parcours.objects.visibles_par(request.user).select_related("esms__og", "esms__departement", "grappe")
        parcours = get_object_or_404(vus, pk=pk)
        if not (droit := peut_lire_les_risques(request.user, parcours)):
            raise PermissionDenied(droit.motif)
        return Response(RisquesParcoursSerializer(risques_du_parcours(parcours, request.user)).data)


class RisquesGrappe(APIView):
    """Risques d'une grappe."""

    @decrire("grappes_risques", "Lire les risques d'une grappe", RisquesGrappeSerializer, reserve=True)
    def get(self, request: Request, pk: int) -> Response:
        """Total et sections de la grappe, analyses et registre des ESMS lus ; fermé au financeur sans partage."""
        grappe = get_object_or_404(Grappe.objects.visibles_par(request.user), pk=pk)
        if not (droit := peut_lire_les_risques(request.user, grappe)):
            raise PermissionDenied(droit.motif)
        return Response(RisquesGrappeSerializer(risques_de_la_grappe(grappe, request.user)).data)
