"""Les demandes de paramétrage : les lignes de la page, dans le même ordre."""

from typing import Any

from rest_framework import serializers

from programme.api.annuaire import EsmsCourtSerializer
from programme.api.commun import ListeDePage, decrire
from programme.enums import IssueDemande
from programme.models import DemandeParametrage
from programme.views.demandes import DemandeListe


class ModuleSerializer(serializers.Serializer):
    """Un module du DUI."""

    code = serializers.CharField()
    nom = serializers.CharField()


class DemandeParametrageSerializer(serializers.ModelSerializer):
    """Une demande. `attente` ne vaut qu'ouverte ; `issue` et `close_le`, que close ; `delai` en jours, à ce jour."""

    parcours = serializers.IntegerField(source="parcours_id")
    grappe = serializers.IntegerField(source="parcours.grappe_id")
    esms = EsmsCourtSerializer(source="parcours.esms")
    module = ModuleSerializer(allow_null=True)
    issue = serializers.ChoiceField(
        IssueDemande.choices, allow_blank=True, help_text="Vide tant qu'elle n'est pas close."
    )
    delai = serializers.IntegerField(source="delai_a_ce_jour", help_text="En jours.")
    possibles = serializers.ListField(child=serializers.CharField(), help_text="Passages qui partent de cet état.")

    class Meta:
        model = DemandeParametrage
        fields = [
            "id",
            "parcours",
            "grappe",
            "esms",
            "libelle",
            "precision",
            "module",
            "demandee_par",
            "ouverte_le",
            "etat",
            "attente",
            "issue",
            "close_le",
            "delai",
            "possibles",
            "version",
        ]


class ListeDemandes(ListeDePage):
    """Demandes visibles : celles qui ne sont pas closes, sauf demande contraire."""

    serializer_class = DemandeParametrageSerializer
    liste = DemandeListe
    route = "programme:demandeparametrage-liste"

    @decrire(
        "demandes_parametrage_lister",
        "Lister les demandes de paramétrage",
        DemandeParametrageSerializer(many=True),
        liste=DemandeListe,
    )
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Les lignes de la page « Demandes de paramétrage », dans le même ordre."""
        return super().get(*args, **kwargs)
