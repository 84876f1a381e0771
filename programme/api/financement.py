"""Le financement d'une grappe : convention, instruction, jalons, avenants, signaux. Les mêmes droits que la page."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import generics, serializers
from rest_framework.response import Response

from programme.api.annuaire import EsmsCourtSerializer
from programme.api.commun import decrire
from programme.models import Avenant, Convention, Grappe, Jalon, Parcours, VersionInstruction
from programme.permissions import peut_lire_financement
from programme.services.double_financement import NATURES
from programme.services.lecture_financement import Financement, lire_financement


class SommeField(serializers.DecimalField):
    """Une somme en euros, en texte à deux décimales ; null si elle n'est pas connue."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=14, decimal_places=2, **kwargs)


class InstructionSerializer(serializers.ModelSerializer):
    """La version d'instruction ; `est_officielle` vaut faux pour des valeurs d'exemple."""

    class Meta:
        model = VersionInstruction
        fields = ["code", "nom", "publiee_le", "source", "est_officielle"]


class ConventionSerializer(serializers.ModelSerializer):
    """La convention signée avec le financeur."""

    instruction = InstructionSerializer(allow_null=True)
    montant = SommeField(allow_null=True)

    class Meta:
        model = Convention
        fields = ["reference", "financeur", "signee_le", "fin", "montant", "instruction", "note"]


class JalonSerializer(serializers.ModelSerializer):
    """Un jalon : ce qu'il attend, pour quand, combien, où il en est."""

    montant = SommeField(allow_null=True)
    montant_verse = SommeField(allow_null=True)
    possibles = serializers.ListField(child=serializers.CharField(), help_text="Passages qui partent de cet état.")

    class Meta:
        model = Jalon
        fields = [
            "id",
            "rang",
            "libelle",
            "piece_attendue",
            "echeance",
            "montant",
            "preuve_usage",
            "etat",
            "montant_verse",
            "verse_le",
            "possibles",
            "version",
        ]


class AvenantSerializer(serializers.ModelSerializer):
    """Un avenant. `esms` : ceux qu'il nomme, parmi les ESMS que voit le lecteur."""

    solution = serializers.CharField(source="solution.nom", allow_null=True, default=None)
    esms = serializers.SerializerMethodField()

    class Meta:
        model = Avenant
        fields = ["id", "numero", "nature", "signe_le", "reference", "objet", "nouvelle_fin", "solution", "esms"]

    @extend_schema_field(EsmsCourtSerializer(many=True))
    def get_esms(self, avenant: Avenant) -> Any:
        """Ceux du périmètre."""
        vus = self.context["vus"]
        return EsmsCourtSerializer([p.esms for p in avenant.parcours.all() if p.pk in vus], many=True).data


class SignalSerializer(serializers.Serializer):
    """Un double financement signalé ; `grappe` vaut null quand l'autre projet n'est pas visible."""

    nature = serializers.ChoiceField(list(NATURES.items()))
    esms = EsmsCourtSerializer()
    grappe = serializers.IntegerField(source="grappe.pk", allow_null=True, default=None)
    phrase = serializers.CharField()


class BilanSerializer(serializers.Serializer):
    """Où en sont les sommes : jalons non abandonnés, versés, et ce qui reste à percevoir."""

    prevu = SommeField()
    verse = SommeField()
    reste = SommeField()
    nb_sans_montant = serializers.IntegerField()


class FinancementSerializer(serializers.Serializer):
    """Le financement d'une grappe ; `convention` vaut null tant qu'elle n'est pas enregistrée."""

    convention = ConventionSerializer(allow_null=True)
    bilan = BilanSerializer()
    jalons = JalonSerializer(many=True)
    avenants = AvenantSerializer(many=True)
    signaux = SignalSerializer(many=True)


def _corps(lu: Financement) -> dict[str, Any]:
    return {
        "convention": lu.convention,
        "bilan": lu.bilan,
        "jalons": [ligne.jalon for ligne in lu.jalons],
        "avenants": lu.avenants,
        "signaux": lu.signaux,
    }


class FinancementGrappe(generics.GenericAPIView):
    """Financement d'une grappe."""

    serializer_class = FinancementSerializer

    @decrire("grappes_financement", "Lire le financement d'une grappe", FinancementSerializer, reserve=True)
    def get(self, request: Any, pk: int) -> Response:
        """Convention, jalons, avenants et signaux, pour qui lit la page."""
        grappe = get_object_or_404(Grappe.objects.visibles_par(request.user), pk=pk)
        if not (droit := peut_lire_financement(request.user, grappe)):
            raise PermissionDenied(droit.motif)
        lu = lire_financement(grappe, request.user, timezone.localdate())
        vus = set(Parcours.objects.visibles_par(request.user).filter(grappe=grappe).values_list("pk", flat=True))
        contexte = self.get_serializer_context() | {"vus": vus}
        return Response(FinancementSerializer(_corps(lu), context=contexte).data)
