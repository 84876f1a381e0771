"""Les actions : la liste de la page, et en écrire une. Mêmes périmètres, mêmes refus."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from programme.api.annuaire import EsmsCourtSerializer
from programme.api.commun import ListeDePage, decrire
from programme.models import Action, Grappe, Parcours, Utilisateur
from programme.permissions import peut_creer_action_quelque_part
from programme.services.actions import Cible, creer_action
from programme.socle.refus_api import INTROUVABLE
from programme.views.actions import ActionListe

UNE_CIBLE = "Donnez une grappe ou un parcours, l'un des deux."
INCONNU = "Ce compte n'existe pas, ou ne voit pas cette action."


class ResponsableSerializer(serializers.ModelSerializer):
    """Le compte qui en répond."""

    class Meta:
        model = Utilisateur
        fields = ["id", "nom"]


class ActionSerializer(serializers.ModelSerializer):
    """Une action. `parcours` et `esms` valent null pour une action de toute la grappe."""

    grappe = serializers.IntegerField(source="grappe_id")
    parcours = serializers.IntegerField(source="parcours_id", allow_null=True)
    esms = serializers.SerializerMethodField()
    responsable = ResponsableSerializer(allow_null=True)
    possibles = serializers.ListField(child=serializers.CharField(), help_text="Passages qui partent de cet état.")

    class Meta:
        model = Action
        fields = [
            "id",
            "grappe",
            "parcours",
            "esms",
            "libelle",
            "precision",
            "responsable",
            "responsable_nom",
            "echeance",
            "origine",
            "creee_le",
            "etat",
            "faite_le",
            "possibles",
            "version",
        ]

    @extend_schema_field(EsmsCourtSerializer(allow_null=True))
    def get_esms(self, action: Action) -> Any:
        """L'ESMS de l'action."""
        return EsmsCourtSerializer(action.parcours.esms).data if action.parcours else None


class NouvelleActionSerializer(serializers.Serializer):
    """De quoi écrire une action, pour une grappe ou pour un parcours."""

    grappe = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    parcours = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    libelle = serializers.CharField(max_length=160)
    precision = serializers.CharField(required=False, allow_blank=True, max_length=1000)
    responsable = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=2**63 - 1,
        help_text="Clé d'un compte qui voit l'action.",
    )
    responsable_nom = serializers.CharField(
        required=False, allow_blank=True, max_length=120, help_text="Une fonction, s'il n'a pas de compte."
    )
    echeance = serializers.DateField(required=False, allow_null=True, help_text="À venir.")

    def to_internal_value(self, data: Any) -> Any:
        """Refuse un champ inconnu : une faute de frappe dans `echeance` ne doit pas passer pour « sans échéance »."""
        if isinstance(data, Mapping) and (inconnus := sorted(map(str, data.keys() - self.fields.keys()))):
            raise serializers.ValidationError({nom: ["Champ inconnu."] for nom in inconnus})
        return super().to_internal_value(data)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """La cible, parmi ce que voit ce compte ; le responsable, s'il existe : le service juge le reste."""
        if ("grappe" in attrs) == ("parcours" in attrs):
            raise serializers.ValidationError({"parcours": [UNE_CIBLE]})
        attrs["cible"] = self._cible(attrs)
        if (cle := attrs.pop("responsable", None)) is not None:
            attrs["responsable"] = Utilisateur.objects.filter(pk=cle, is_active=True).first()
            if attrs["responsable"] is None:
                raise serializers.ValidationError({"responsable": [INCONNU]})
        return attrs

    def _cible(self, attrs: dict[str, Any]) -> Cible:
        lecteur = self.context["request"].user
        nom = "grappe" if "grappe" in attrs else "parcours"
        lignes: Any = (
            Grappe.objects.visibles_par(lecteur) if nom == "grappe" else Parcours.objects.lisibles_par(lecteur)
        )
        cible: Cible | None = lignes.filter(pk=attrs.pop(nom)).first()
        if cible is None:
            raise serializers.ValidationError({nom: [INTROUVABLE]})
        return cible


class ListeActions(ListeDePage):
    """Actions visibles : les ouvertes, sauf demande contraire."""

    serializer_class = ActionSerializer
    liste = ActionListe
    route = "programme:action-liste"

    @decrire("actions_lister", "Lister les actions", ActionSerializer(many=True), liste=ActionListe)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Les lignes de la page « Actions », dans le même ordre."""
        return super().get(*args, **kwargs)

    @decrire("actions_creer", "Écrire une action", ActionSerializer, demande=NouvelleActionSerializer, code=201)
    def post(self, request: Request) -> Response:
        """L'action écrite, ou le refus du service."""
        if not (droit := peut_creer_action_quelque_part(request.user)):
            raise PermissionDenied(droit.motif)
        demande = NouvelleActionSerializer(data=request.data, context={"request": request})
        demande.is_valid(raise_exception=True)
        action = creer_action(par=request.user, **demande.validated_data)
        rendu = ActionSerializer(Action.objects.pour_lecture().get(pk=action.pk)).data
        return Response(rendu, status.HTTP_201_CREATED)
