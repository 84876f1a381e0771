"""La couverture de formation d'un ESMS, à une date : la page et l'API lisent la même chose."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from formation.calculs.couverture import Compte
from formation.permissions import peut_lire_formation
from formation.services.couverture_lue import LigneDeCoupe, lignes_par_metier, lignes_par_module, lire_pour
from programme.api.commun import decrire, lire_filtre
from programme.models import Parcours

ANNEES = range(2000, 2101)
ILLISIBLE = "Date illisible : écrivez AAAA-MM-JJ, par exemple 2026-11-30."
MASQUE = "Null : moins de cinq personnes, ou un groupe masqué pour ne pas en trahir un autre."


class AuSerializer(serializers.Serializer):
    """La date demandée ; aujourd'hui à défaut."""

    au = serializers.DateField(
        required=False,
        help_text="AAAA-MM-JJ ; aujourd'hui à défaut.",
        error_messages={"invalid": ILLISIBLE},
    )

    def validate_au(self, au: date) -> date:
        """Une date lointaine se refuse, comme une date qui n'en est pas une."""
        if au.year not in ANNEES:
            raise serializers.ValidationError(ILLISIBLE)
        return au


class CompteSerializer(serializers.Serializer):
    """En poste, formés, et leur rapport."""

    formes = serializers.IntegerField(allow_null=True, help_text="Formés à tous leurs modules du socle.")
    en_poste = serializers.IntegerField(allow_null=True, help_text=MASQUE)
    taux = serializers.FloatField(allow_null=True, help_text="Entre 0 et 1 ; null si personne n'est en poste.")


class CompteNommeSerializer(CompteSerializer):
    """Le compte d'un métier ou d'un module."""

    code = serializers.CharField()
    nom = serializers.CharField()


class CouvertureSerializer(CompteSerializer):
    """La couverture d'un ESMS à une date. Une personne à plusieurs postes compte une fois."""

    parcours = serializers.IntegerField()
    au = serializers.DateField()
    par_metier = CompteNommeSerializer(many=True)
    par_module = CompteNommeSerializer(many=True)


def _compte(compte: Compte | None) -> dict[str, Any]:
    if compte is None:
        return {"formes": None, "en_poste": None, "taux": None}
    return {"formes": compte.formes, "en_poste": compte.en_poste, "taux": compte.taux}


def _nommes(lignes: list[LigneDeCoupe]) -> list[dict[str, Any]]:
    return [{"code": ligne.objet.code, "nom": ligne.objet.nom} | _compte(ligne.compte) for ligne in lignes]


class CouvertureParcours(APIView):
    """Couverture de formation d'un ESMS."""

    @decrire(
        "parcours_couverture",
        "Lire la couverture de formation d'un parcours",
        CouvertureSerializer,
        filtre=AuSerializer,
        reserve=True,
    )
    def get(self, request: Request, pk: int) -> Response:
        """Formés / en poste à cette date, par métier et par module ; fermé au financeur."""
        parcours = get_object_or_404(Parcours.objects.visibles_par(request.user), pk=pk)
        if not (droit := peut_lire_formation(request.user, parcours)):
            raise PermissionDenied(droit.motif)
        au = lire_filtre(AuSerializer, request).get("au") or timezone.localdate()
        lue = lire_pour(request.user, Parcours.objects.filter(pk=pk), au)
        contenu = {
            "parcours": pk,
            "au": au,
            "par_metier": _nommes(lignes_par_metier(lue)),
            "par_module": _nommes(lignes_par_module(lue)),
        }
        return Response(CouvertureSerializer(contenu | _compte(lue.total)).data)
