"""Franchir un passage : une seule vue pour toutes les machines, la porte décide."""

from collections.abc import Callable
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from programme.api.actions import ActionSerializer
from programme.api.commun import SansChampInconnu, decrire
from programme.api.demandes import DemandeParametrageSerializer
from programme.api.financement import JalonSerializer
from programme.api.grappes import GrappeSerializer
from programme.api.parcours import OuvertureSerializer, ParcoursDetailSerializer, pour_fiche
from programme.models import Action, DemandeParametrage, Grappe, Jalon, Ouverture, Parcours
from programme.socle import texte
from programme.socle.models import Passage
from programme.socle.porte import changer_etat

DETAILS = {"constater": "vers", "sortir": "raison", "verser": "montant", "instruire": "attente", "conclure": "issue"}


class DemandeSerializer(SansChampInconnu):
    """Ce qu'il faut pour franchir un passage. `version` : celle que l'auteur avait sous les yeux."""

    transition = serializers.CharField(max_length=30)
    motif = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    date_effet = serializers.DateField(required=False, allow_null=True, help_text="Aujourd'hui par défaut.")
    version = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=2**31 - 1)
    vers = serializers.CharField(required=False, max_length=20, help_text="État constaté, pour « constater ».")
    raison = serializers.CharField(required=False, max_length=12, help_text="Raison de la sortie, pour « sortir ».")

    montant = serializers.DecimalField(
        12, 2, required=False, min_value=0, help_text="Somme reçue en euros, pour « verser »."
    )

    attente = serializers.CharField(
        required=False, max_length=10, help_text="De qui la suite est attendue, pour « instruire »."
    )
    issue = serializers.CharField(required=False, max_length=10, help_text="Ce qui est décidé, pour « conclure ».")

    def validate_motif(self, motif: str) -> str:
        """Le même nettoyage que le champ de la page."""
        return texte.nettoyer(motif)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Un détail ne se donne qu'à son passage ; sa valeur, c'est la porte qui la juge."""
        for transition, champ in DETAILS.items():
            if champ in attrs and attrs["transition"] != transition:
                raise serializers.ValidationError({champ: [f"Ne se donne que pour « {transition} »."]})
        return attrs


class PassageSerializer(serializers.ModelSerializer):
    """Le passage écrit au journal."""

    par = serializers.CharField(source="par.nom")

    class Meta:
        model = Passage
        fields = [
            "id",
            "rang",
            "de",
            "vers",
            "transition",
            "nature",
            "date_effet",
            "enregistre_le",
            "par",
            "role",
            "motif",
            "constats",
        ]


class _Passage(APIView):
    modele: type[Parcours] | type[Grappe] | type[Ouverture] | type[Jalon] | type[Action] | type[DemandeParametrage]
    forme: type[serializers.ModelSerializer]

    def relire(self) -> Any:
        """De quoi rendre l'objet après le passage."""
        return self.modele.objects.all()

    def post(self, request: Request, pk: int) -> Response:
        """Le passage et l'objet, ou le refus de la porte."""
        objet = get_object_or_404(self.modele.objects.visibles_par(request.user), pk=pk)
        demande = DemandeSerializer(data=request.data)
        demande.is_valid(raise_exception=True)
        passage = changer_etat(objet, par=request.user, **demande.validated_data)
        rendu = self.forme(self.relire().get(pk=pk), context={"request": request}).data
        return Response({"passage": PassageSerializer(passage).data, self.modele._meta.model_name: rendu})


def _decrire(modele: Any, forme: type[serializers.Serializer]) -> Callable[[Any], Any]:
    nom = modele._meta.model_name
    champs = {"passage": PassageSerializer(), nom: forme()}
    succes = type(f"{nom.title()}FranchiSerializer", (serializers.Serializer,), champs)
    resume = f"Franchir un passage ({', '.join(modele.transitions())})"
    return extend_schema_view(post=decrire(f"{nom}_passer", resume, succes, demande=DemandeSerializer))


@_decrire(Parcours, ParcoursDetailSerializer)
class PassageParcours(_Passage):
    """Passages d'un parcours."""

    modele, forme = Parcours, ParcoursDetailSerializer

    def relire(self) -> Any:
        """Avec les dates et les ouvertures."""
        return pour_fiche(super().relire())


@_decrire(Grappe, GrappeSerializer)
class PassageGrappe(_Passage):
    """Passages d'une grappe."""

    modele, forme = Grappe, GrappeSerializer


@_decrire(Ouverture, OuvertureSerializer)
class PassageOuverture(_Passage):
    """Passages d'une unité × module."""

    modele, forme = Ouverture, OuvertureSerializer


@_decrire(Jalon, JalonSerializer)
class PassageJalon(_Passage):
    """Passages d'un jalon de financement."""

    modele, forme = Jalon, JalonSerializer


@_decrire(Action, ActionSerializer)
class PassageAction(_Passage):
    """Passages d'une action."""

    modele, forme = Action, ActionSerializer


@_decrire(DemandeParametrage, DemandeParametrageSerializer)
class PassageDemande(_Passage):
    """Passages d'une demande de paramétrage."""

    modele, forme = DemandeParametrage, DemandeParametrageSerializer
