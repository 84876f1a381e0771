"""La date de routine prévue d'un ESMS."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from programme.api.commun import decrire
from programme.calculs.prevision import Prevision
from programme.models import Parcours
from programme.services.prevision import prevoir_un


class PrevisionSerializer(serializers.Serializer):
    """Deux dates et ce qui les appuie ; sans elles, `motif` seul."""

    une_sur_deux = serializers.DateField(required=False, help_text="Une chance sur deux d'être en routine ce jour-là.")
    quatre_sur_cinq = serializers.DateField(
        required=False, allow_null=True, help_text="Quatre chances sur cinq ; null au-delà de dix ans."
    )
    n_observations = serializers.IntegerField(required=False, help_text="Passages observés, toutes étapes restantes.")
    motif = serializers.CharField(required=False, help_text="Pourquoi une date manque.")

    def to_representation(self, prevision: Prevision) -> dict[str, Any]:
        """Ce qui n'existe pas ne s'écrit pas, la seconde date exceptée quand la première est connue."""
        motif = {"motif": prevision.motif} if prevision.motif else {}
        if prevision.une_sur_deux is None:
            return motif
        noms = ("une_sur_deux", "quatre_sur_cinq", "n_observations")
        return {nom: getattr(prevision, nom) for nom in noms} | motif


class PrevisionParcours(APIView):
    """La même prévision que la page."""

    @decrire("parcours_prevision", "Prévoir la date de routine", PrevisionSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Une chance sur deux, quatre sur cinq ; ou le motif."""
        parcours = get_object_or_404(Parcours.objects.visibles_par(request.user).pour_lecture(), pk=pk)
        return Response(PrevisionSerializer(prevoir_un(parcours, timezone.localdate())).data)
