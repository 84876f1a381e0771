"""Les séances : la liste, et une séance avec son ordre du jour. Le financeur n'en lit qu'un compte rendu partagé."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema_field
from rest_framework import generics, serializers

from gouvernance.enums import EtatSeance, NaturePoint, StatutPresence, SuitePoint, TypeInstance, TypeIssue
from gouvernance.models import CompteRendu, Seance
from gouvernance.permissions import peut_suivre_seance
from gouvernance.services.lecture_seances import points_lus
from gouvernance.views.seances import SeanceListe
from programme.api.commun import ListeDePage, decrire


class SeanceSerializer(serializers.ModelSerializer):
    """Une séance ; `sequence` compte ses déplacements, `quorum_atteint` vaut null avant la clôture ou sans quorum."""

    instance = serializers.IntegerField(source="comite_id")
    nom_instance = serializers.CharField(source="comite.nom")
    type = serializers.ChoiceField(TypeInstance.choices, source="comite.type")
    grappe = serializers.IntegerField(source="comite.grappe_id")
    etat = serializers.ChoiceField(EtatSeance.choices)

    class Meta:
        model = Seance
        fields = [
            "id", "instance", "nom_instance", "type", "grappe", "titre", "debut", "duree", "lieu", "etat", "sequence",
            "quorum_atteint", "version",
        ]  # fmt: skip


class IssueSerializer(serializers.Serializer):
    """Ce qui sort d'un point ; `decision` et `action` : leurs clés, ou null."""

    id = serializers.IntegerField()
    type = serializers.ChoiceField(TypeIssue.choices)
    texte = serializers.CharField()
    decision = serializers.IntegerField(source="decision_id", allow_null=True)
    action = serializers.IntegerField(source="action_id", allow_null=True)
    tardive = serializers.BooleanField(help_text="Consignée après la clôture.")
    consignee_le = serializers.DateTimeField()


class PointSerializer(serializers.Serializer):
    """Un point de l'ordre du jour ; `demandee_par` : l'instance qui attend une réponse, ou null."""

    id = serializers.IntegerField(source="point.id")
    rang = serializers.IntegerField()
    titre = serializers.CharField(source="point.titre")
    nature = serializers.ChoiceField(NaturePoint.choices, source="point.nature")
    duree = serializers.IntegerField(source="point.duree")
    expose = serializers.CharField(source="point.expose", allow_blank=True)
    origine = serializers.CharField(source="point.origine", allow_blank=True)
    demandee_par = serializers.IntegerField(source="point.demandee_par_id", allow_null=True)
    reporte_de = serializers.IntegerField(source="point.reporte_de_id", allow_null=True)
    suite = serializers.ChoiceField(SuitePoint.choices, source="point.suite")
    notes = serializers.CharField(source="point.notes", allow_blank=True)
    reponse = serializers.CharField(source="point.reponse", allow_blank=True)
    issues = IssueSerializer(many=True)


class PresenceSerializer(serializers.Serializer):
    """Un siège ce jour-là."""

    mandat = serializers.IntegerField(source="mandat_id")
    statut = serializers.ChoiceField(StatutPresence.choices)


class CompteRenduSerializer(serializers.ModelSerializer):
    """Le compte rendu tel qu'il a été diffusé : il ne change plus."""

    contenu = serializers.JSONField()

    class Meta:
        model = CompteRendu
        fields = ["diffuse_le", "empreinte", "contenu"]


class SeanceDetailSerializer(SeanceSerializer):
    """Une séance entière ; `points` et `presences` valent null pour qui n'en lit qu'un compte rendu partagé."""

    points = serializers.SerializerMethodField()
    presences = serializers.SerializerMethodField()
    compte_rendu = serializers.SerializerMethodField()

    class Meta(SeanceSerializer.Meta):
        fields = [*SeanceSerializer.Meta.fields, "points", "presences", "compte_rendu"]

    @property
    def _suit(self) -> bool:
        return bool(self.context["suit"])

    @extend_schema_field(PointSerializer(many=True, allow_null=True))
    def get_points(self, seance: Seance) -> Any:
        """L'ordre du jour, dans l'ordre."""
        return PointSerializer(points_lus(seance), many=True).data if self._suit else None

    @extend_schema_field(PresenceSerializer(many=True, allow_null=True))
    def get_presences(self, seance: Seance) -> Any:
        """Les présences notées."""
        return PresenceSerializer(seance.presences.order_by("pk"), many=True).data if self._suit else None

    @extend_schema_field(CompteRenduSerializer(allow_null=True))
    def get_compte_rendu(self, seance: Seance) -> Any:
        """Null tant qu'il n'est pas diffusé."""
        fige = CompteRendu.objects.filter(seance=seance).first()
        return CompteRenduSerializer(fige).data if fige else None


class ListeSeances(ListeDePage):
    """Séances visibles."""

    serializer_class = SeanceSerializer
    liste = SeanceListe
    route = "gouvernance:seance-liste"

    @decrire("seances_lister", "Lister les séances", SeanceSerializer(many=True), liste=SeanceListe)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Une page de séances, les plus récentes d'abord."""
        return super().get(*args, **kwargs)


class LectureSeance(generics.RetrieveAPIView):
    """Une séance."""

    serializer_class = SeanceDetailSerializer

    def get_object(self) -> Seance:
        """La séance, ou 404 pour qui ne la voit pas."""
        return get_object_or_404(Seance.objects.visibles_par(self.request.user).pour_lecture(), pk=self.kwargs["pk"])

    def get_serializer_context(self) -> dict[str, Any]:
        """Avec ce que ce compte en lit : tout, ou le compte rendu seul."""
        contexte = super().get_serializer_context()
        if "pk" in self.kwargs and self.request is not None and self.request.user.is_authenticated:
            contexte["suit"] = peut_suivre_seance(self.request.user, self.get_object())
        return contexte

    @decrire("seances_lire", "Lire une séance", SeanceDetailSerializer)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Ordre du jour, présences, compte rendu diffusé."""
        return super().get(*args, **kwargs)
