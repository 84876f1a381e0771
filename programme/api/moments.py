"""Les moments d'une grappe : vagues proposées, demandées, retenues, et les désaccords portés au COMOP."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import generics, serializers

from programme.api.annuaire import EsmsCourtSerializer
from programme.api.commun import decrire
from programme.models import Grappe, Moment
from programme.permissions import peut_lire_grille


class MomentSerializer(serializers.ModelSerializer):
    """Un échange sur le moment d'un ESMS ; les vagues par leur numéro. Le mot écrit reste sur la page."""

    esms = EsmsCourtSerializer(source="parcours.esms")
    proposee = serializers.IntegerField(source="proposee.numero", allow_null=True, default=None)
    demandee = serializers.IntegerField(source="demandee.numero", allow_null=True, default=None)
    retenue = serializers.IntegerField(source="retenue.numero", allow_null=True, default=None)

    class Meta:
        model = Moment
        fields = [
            "id",
            "parcours",
            "esms",
            "etat",
            "proposee",
            "demandee",
            "retenue",
            "reference",
            "ouvert_le",
            "version",
        ]


class MomentsGrappe(generics.ListAPIView):
    """Les échanges d'une grappe, du plus récent au plus ancien."""

    serializer_class = MomentSerializer

    def get_queryset(self) -> QuerySet[Moment]:
        """Ceux des ESMS dont on lit la préparation ; 403 à qui n'y est que financeur."""
        grappe = get_object_or_404(Grappe.objects.visibles_par(self.request.user), pk=self.kwargs["pk"])
        if not (droit := peut_lire_grille(self.request.user, grappe)):
            raise PermissionDenied(droit.motif)
        return Moment.objects.visibles_par(self.request.user).filter(parcours__grappe=grappe).pour_lecture()

    @decrire("grappes_moments", "Lire les moments d'une grappe", MomentSerializer(many=True), reserve=True)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Une page d'échanges."""
        return super().get(*args, **kwargs)
