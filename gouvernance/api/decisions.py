"""Les décisions : les lignes de la page, dans le même ordre."""

from typing import Any

from rest_framework import serializers

from gouvernance.enums import TypeInstance
from gouvernance.models import Decision
from gouvernance.services.decisions import portees_lues
from gouvernance.views.decisions import DecisionListe
from programme.api.commun import ListeDePage, decrire


class InstanceCourteSerializer(serializers.Serializer):
    """L'instance qui tranche."""

    id = serializers.IntegerField()
    nom = serializers.CharField()
    type = serializers.ChoiceField(TypeInstance.choices)


class PorteeSerializer(serializers.Serializer):
    """Qui elle touche : `toute` (la grappe), ou les parcours lus par le compte, et combien d'autres."""

    toute = serializers.BooleanField()
    parcours = serializers.SerializerMethodField()
    autres = serializers.IntegerField()

    def get_parcours(self, portee: Any) -> list[int]:
        """Clés des parcours nommés que le compte lit."""
        return [p.pk for p in portee.nommes]


class DecisionSerializer(serializers.ModelSerializer):
    """Une décision. `condition`, `levee_du` et `levee_au` ne valent que pour une levée ; `remplace` : une clé."""

    grappe = serializers.IntegerField(source="grappe_id")
    instance = InstanceCourteSerializer(source="comite")
    seance = serializers.IntegerField(source="seance_id", allow_null=True)
    reference = serializers.CharField(help_text="Comme le journal et les documents la citent.")
    portee = PorteeSerializer(source="portee_de_l_api")
    remplace = serializers.IntegerField(source="remplace_id", allow_null=True)
    possibles = serializers.ListField(child=serializers.CharField(), help_text="Passages qui partent de cet état.")

    class Meta:
        model = Decision
        fields = [
            "id",
            "grappe",
            "instance",
            "seance",
            "numero",
            "reference",
            "intitule",
            "texte",
            "pourquoi",
            "portee",
            "effet",
            "changement",
            "condition",
            "levee_du",
            "levee_au",
            "remplace",
            "revue_le",
            "arbitree_le",
            "etat",
            "possibles",
            "version",
        ]


class ListeDecisions(ListeDePage):
    """Décisions visibles, tous états ; `?parcours=` : celles qui touchent cet ESMS."""

    serializer_class = DecisionSerializer
    liste = DecisionListe
    route = "gouvernance:decision-liste"

    def paginate_queryset(self, queryset: Any) -> Any:
        """La page, et qui touche chacune de ses décisions."""
        page = super().paginate_queryset(queryset)
        if page is not None:
            lues = portees_lues(page, self.request.user)
            for decision in page:
                decision.portee_de_l_api = lues[decision.pk]
        return page

    @decrire("decisions_lister", "Lister les décisions", DecisionSerializer(many=True), liste=DecisionListe)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Les lignes de la page « Registre des décisions », dans le même ordre."""
        return super().get(*args, **kwargs)
