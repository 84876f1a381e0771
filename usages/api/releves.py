"""Pousser un chiffre dans le relevé d'un ESMS. Les droits, les contrôles et les refus de la page."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from programme.api.commun import SansChampInconnu, decrire
from programme.models import Parcours
from usages.enums import Absence
from usages.models import Indicateur, Valeur
from usages.periodes import Periode
from usages.permissions import peut_saisir_quelque_part
from usages.services.pousser import pousser

INDICATEUR_INCONNU = "Aucun indicateur du catalogue ne porte ce code."


class ChiffreSerializer(serializers.ModelSerializer):
    """Un chiffre d'un relevé ; `etat` est celui du relevé, `taux` vaut null hors d'un rapport."""

    parcours = serializers.IntegerField(source="releve.parcours_id")
    indicateur = serializers.CharField(source="indicateur.code")
    periode = serializers.CharField(source="releve.periode.code")
    releve = serializers.IntegerField(source="releve_id")
    etat = serializers.CharField(source="releve.etat")
    numerateur = serializers.FloatField(allow_null=True)
    denominateur = serializers.FloatField(allow_null=True)
    taux = serializers.FloatField(allow_null=True)

    class Meta:
        model = Valeur
        fields = [
            "parcours", "indicateur", "periode", "numerateur", "denominateur", "taux", "motif", "commentaire",
            "origine", "mot_attendu", "releve", "etat",
        ]  # fmt: skip


class NouveauChiffreSerializer(SansChampInconnu):
    """Un chiffre : un nombre, et ce à quoi on le rapporte ; ou le motif qui le remplace."""

    parcours = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    indicateur = serializers.CharField(max_length=60, help_text="Code du catalogue.")
    periode = serializers.CharField(max_length=10, help_text="AAAA-MM ; 2026-T4, 2026 si l'indicateur se relève ainsi.")
    numerateur = serializers.DecimalField(max_digits=14, decimal_places=2, required=False, allow_null=True)
    denominateur = serializers.DecimalField(max_digits=14, decimal_places=2, required=False, allow_null=True)
    motif = serializers.ChoiceField(Absence.choices, required=False, allow_blank=True)
    commentaire = serializers.CharField(
        required=False, allow_blank=True, max_length=240, help_text="Ce qui surprend, ou pourquoi l'on corrige."
    )

    def validate_periode(self, texte: str) -> Periode:
        """La période lue."""
        try:
            return Periode.lire(texte)
        except ValueError as faute:
            raise serializers.ValidationError([str(faute)]) from faute

    def validate_indicateur(self, code: str) -> Indicateur:
        """L'indicateur du catalogue."""
        indicateur = Indicateur.objects.filter(code=code).first()
        if indicateur is None:
            raise serializers.ValidationError([INDICATEUR_INCONNU])
        return indicateur

    def validate_commentaire(self, texte: str) -> str:
        """Ni NIR, ni INS : la garde du champ."""
        champ: Any = Valeur._meta.get_field("commentaire")
        return str(champ.clean(texte, None))


class PousserUnChiffre(APIView):
    """Un chiffre à la fois."""

    @decrire(
        "releves_creer",
        "Pousser un chiffre",
        ChiffreSerializer,
        demande=NouveauChiffreSerializer,
        code=201,
        relu=True,
    )
    def post(self, request: Request) -> Response:
        """Le chiffre écrit : 201 s'il manquait, 200 s'il a été redit ou corrigé ; ou le refus du service."""
        if not (droit := peut_saisir_quelque_part(request.user)):
            raise PermissionDenied(droit.motif)
        demande = NouveauChiffreSerializer(data=request.data)
        demande.is_valid(raise_exception=True)
        lus = demande.validated_data
        parcours = Parcours.objects.visibles_par(request.user).filter(pk=lus.pop("parcours")).first()
        if parcours is None:
            raise Http404
        valeur, neuf = pousser(parcours=parcours, par=request.user, **lus)
        return Response(ChiffreSerializer(valeur).data, status.HTTP_201_CREATED if neuf else status.HTTP_200_OK)
