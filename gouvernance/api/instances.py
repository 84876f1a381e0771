"""Les instances et leurs mandats en cours. Les droits des pages."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from rest_framework import generics, serializers

from gouvernance.enums import TypeInstance
from gouvernance.models import Instance, Mandat
from programme.api.commun import decrire, lire_filtre


class FiltreInstances(serializers.Serializer):
    """Une grappe, un type, ou rien ; `closes` : celles qui ne se réunissent plus aussi."""

    grappe = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    type = serializers.ChoiceField(TypeInstance.choices, required=False)
    closes = serializers.BooleanField(required=False, default=False)


class MandatSerializer(serializers.ModelSerializer):
    """Un siège en cours. `au_nom_de` : qui il représente, en mots ; les clés valent null quand il ne vise pas cela."""

    titulaire = serializers.CharField(source="nom", help_text="Un nom ou une fonction.")
    suppleant = serializers.CharField(source="nom_du_suppleant", allow_blank=True)
    au_nom_de = serializers.CharField()
    og = serializers.IntegerField(source="og_id", allow_null=True)
    categorie = serializers.CharField(source="categorie_id", allow_null=True)
    departement = serializers.CharField(source="departement_id", allow_null=True)
    esms = serializers.CharField(source="esms.finess", allow_null=True, default=None, help_text="FINESS.")

    class Meta:
        model = Mandat
        fields = [
            "id",
            "titulaire",
            "suppleant",
            "represente",
            "au_nom_de",
            "og",
            "categorie",
            "departement",
            "esms",
            "a_voix",
            "anime",
            "du",
            "au",
        ]


class InstanceSerializer(serializers.ModelSerializer):
    """Une instance. `quorum` : part des voix, en pour cent ; 0, aucun."""

    grappe = serializers.IntegerField(source="grappe_id")
    peut_lever = serializers.BooleanField(help_text="Elle peut lever une condition qui barre.")
    mandats = MandatSerializer(source="en_cours", many=True)

    class Meta:
        model = Instance
        fields = [
            "id",
            "grappe",
            "type",
            "nom",
            "objet",
            "cadence",
            "quorum",
            "effectif_max",
            "delai_alerte",
            "peut_lever",
            "close_le",
            "mandats",
        ]


class ListeInstances(generics.ListAPIView):
    """Instances visibles."""

    serializer_class = InstanceSerializer

    def get_queryset(self) -> QuerySet[Instance]:
        """Celles dont ce compte voit la composition, par grappe ; sans les closes, sauf demande."""
        lu: dict[str, Any] = lire_filtre(FiltreInstances, self.request)
        criteres = {nom: lu[nom] for nom in ("grappe", "type") if nom in lu}
        vues = Instance.objects.visibles_par(self.request.user).filter(**criteres)
        tenus = Mandat.objects.en_cours(timezone.localdate()).pour_lecture().order_by("-anime", "represente", "pk")
        return (vues if lu.get("closes") else vues.actives()).prefetch_related(
            Prefetch("mandats", queryset=tenus, to_attr="en_cours")
        )

    @decrire("instances_lister", "Lister les instances", InstanceSerializer(many=True), filtre=FiltreInstances)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Une page d'instances et leurs sièges en cours ; un membre ne voit que les siennes, le financeur aucune."""
        return super().get(*args, **kwargs)
