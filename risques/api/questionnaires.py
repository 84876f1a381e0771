"""Les questionnaires : la liste, et le texte entier d'une version."""

from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from programme.api.commun import decrire, lire_filtre
from risques.enums import CategorieRisque, EtatVersion, ObjetQuestionnaire, SensEchelle
from risques.models import Questionnaire, VersionQuestionnaire
from risques.models.questionnaires import VersionQuestionnaireQuerySet


class FiltreVersion(serializers.Serializer):
    """Quelle version on veut ; par défaut, celle qui vaut."""

    version = serializers.IntegerField(required=False, min_value=1, max_value=32_767, help_text="Numéro de version.")
    grappe = serializers.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, help_text="Clé de la grappe dont on veut la version."
    )


class VersionCourteSerializer(serializers.ModelSerializer):
    """Une version ; `grappe` vaut null pour celles de Treille."""

    grappe = serializers.IntegerField(source="grappe_id", allow_null=True)
    nb_sections = serializers.IntegerField()
    nb_questions = serializers.IntegerField()
    nb_etoilees = serializers.IntegerField()

    class Meta:
        model = VersionQuestionnaire
        fields = [
            "id",
            "numero",
            "grappe",
            "etat",
            "sens",
            "total",
            "duree_minutes",
            "nb_sections",
            "nb_questions",
            "nb_etoilees",
        ]


class QuestionnaireSerializer(serializers.Serializer):
    """Un questionnaire ; `version` : celle qui vaut, null s'il n'y en a aucune en service."""

    code = serializers.CharField()
    nom = serializers.CharField()
    objet = serializers.ChoiceField(ObjetQuestionnaire.choices)
    version = VersionCourteSerializer(allow_null=True)


class EchelonSerializer(serializers.Serializer):
    """Un échelon libellé."""

    valeur = serializers.IntegerField()
    libelle = serializers.CharField()


class QuestionSerializer(serializers.Serializer):
    """Une question, telle qu'elle se note. `sens` : ce que dit une note haute."""

    code = serializers.CharField()
    rang = serializers.IntegerField()
    enonce = serializers.CharField()
    aide = serializers.CharField(allow_blank=True)
    poids = serializers.FloatField()
    sens = serializers.ChoiceField(SensEchelle.choices)
    etoilee = serializers.BooleanField()
    minimum = serializers.IntegerField()
    maximum = serializers.IntegerField()
    echelle = EchelonSerializer(many=True)
    choix = serializers.BooleanField(help_text="On ne répond que par les échelons.")
    sans_objet = serializers.BooleanField(help_text="« Sans objet » est une réponse permise.")
    categorie = serializers.ChoiceField(CategorieRisque.choices, allow_blank=True)
    action = serializers.CharField(allow_blank=True)
    risque = serializers.CharField(allow_blank=True)
    si_question = serializers.CharField(allow_blank=True, help_text="Posée seulement selon cette question, plus haut…")
    si_au_moins = serializers.IntegerField(allow_null=True, help_text="… si sa note atteint ce seuil.")


class SectionSerializer(serializers.Serializer):
    """Une section ; `points` : sa note maximale quand le questionnaire se note par thème."""

    code = serializers.CharField()
    rang = serializers.IntegerField()
    nom = serializers.CharField()
    aide = serializers.CharField(allow_blank=True)
    points = serializers.IntegerField(allow_null=True)
    questions = QuestionSerializer(many=True)


class QuestionnaireDetailSerializer(serializers.Serializer):
    """Une version entière. `versions` : celles que le lecteur peut demander."""

    code = serializers.CharField(source="questionnaire.code")
    nom = serializers.CharField(source="questionnaire.nom")
    objet = serializers.ChoiceField(ObjetQuestionnaire.choices, source="questionnaire.objet")
    version = VersionCourteSerializer(source="*")
    provenance = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    comparable_depuis = serializers.IntegerField(allow_null=True)
    sections = SectionSerializer(many=True)
    versions = VersionCourteSerializer(many=True)


def _comptees(versions: Any) -> Any:
    """Avec leurs nombres de sections et de questions."""
    return versions.annotate(
        nb_sections=Count("sections", distinct=True),
        nb_questions=Count("sections__questions", distinct=True),
        nb_etoilees=Count("sections__questions", filter=Q(sections__questions__etoilee=True), distinct=True),
    )


def _qui_vaut(versions: list[VersionQuestionnaire]) -> VersionQuestionnaire | None:
    """La dernière publiée de Treille ; à défaut, la dernière publiée d'une grappe du lecteur."""
    publiees = [v for v in versions if v.etat == EtatVersion.PUBLIEE]
    return max(publiees, key=lambda v: (v.grappe_id is None, v.numero, v.pk), default=None)


def _versions(lecteur: Any) -> VersionQuestionnaireQuerySet:
    vues: VersionQuestionnaireQuerySet = _comptees(VersionQuestionnaire.objects.visibles_par(lecteur))
    return vues


class ListeQuestionnaires(generics.GenericAPIView):
    """Questionnaires visibles."""

    serializer_class = QuestionnaireSerializer

    def get_queryset(self) -> QuerySet[Questionnaire]:
        """Ceux dont le lecteur voit une version, par nom."""
        return Questionnaire.objects.visibles_par(self.request.user).order_by("nom", "pk")

    @decrire("questionnaires_lister", "Lister les questionnaires", QuestionnaireSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Une page de questionnaires, chacun avec la version qui vaut."""
        page = self.paginate_queryset(self.get_queryset()) or []
        par_questionnaire: dict[int, list[VersionQuestionnaire]] = {q.pk: [] for q in page}
        for version in _versions(request.user).filter(questionnaire__in=list(par_questionnaire)).order_by("pk"):
            par_questionnaire[version.questionnaire_id].append(version)
        lignes = [
            {"code": q.code, "nom": q.nom, "objet": q.objet, "version": _qui_vaut(par_questionnaire[q.pk])}
            for q in page
        ]
        return self.get_paginated_response(self.get_serializer(lignes, many=True).data)


class LectureQuestionnaire(generics.GenericAPIView):
    """Un questionnaire."""

    serializer_class = QuestionnaireDetailSerializer

    @decrire("questionnaires_lire", "Lire un questionnaire", QuestionnaireDetailSerializer, filtre=FiltreVersion)
    def get(self, request: Request, code: str) -> Response:
        """Sections et questions de la version qui vaut, ou de celle qu'on demande."""
        questionnaire = get_object_or_404(Questionnaire.objects.visibles_par(request.user), code=code)
        criteres = lire_filtre(FiltreVersion, request)
        vues = _versions(request.user).filter(questionnaire=questionnaire)
        versions = list(vues.order_by(F("grappe").asc(nulls_first=True), "numero", "pk"))
        voulue = _choisir(versions, criteres)
        if voulue is None:
            raise Http404("version inconnue")
        entiere: Any = _versions(request.user).select_related("questionnaire")
        entiere = entiere.prefetch_related("sections__questions").get(pk=voulue.pk)
        entiere.versions = versions
        return Response(self.get_serializer(entiere).data)


def _choisir(versions: list[VersionQuestionnaire], criteres: dict[str, Any]) -> VersionQuestionnaire | None:
    """La version demandée ; sans numéro, celle qui vaut, à défaut la dernière."""
    grappe, numero = criteres.get("grappe"), criteres.get("version")
    siennes = [v for v in versions if v.grappe_id == grappe] if grappe else versions
    if numero:
        candidates = [v for v in siennes if v.numero == numero]
        return max(candidates, key=lambda v: (v.grappe_id is None, v.pk), default=None)
    return _qui_vaut(siennes) or max(siennes, key=lambda v: (v.grappe_id is None, v.numero), default=None)
