"""Le catalogue des indicateurs, par l'API. Les lignes et les droits de la page."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from programme.api.commun import ListeDePage, decrire
from usages.models import Indicateur
from usages.views.indicateurs import IndicateurListe


class IndicateurSerializer(serializers.ModelSerializer):
    """Un indicateur du catalogue ; `denominateur_commun` : le code de celui qui lui sert de dénominateur, ou null."""

    denominateur_commun = serializers.CharField(source="denominateur_commun.code", allow_null=True, read_only=True)
    non_concernees = serializers.SerializerMethodField()
    borne_min = serializers.FloatField(allow_null=True)
    borne_max = serializers.FloatField(allow_null=True)
    parts = serializers.DictField(
        child=serializers.CharField(), help_text="Le nom de chaque part d'une répartition, par code."
    )
    seuil_chute = serializers.FloatField(help_text="Part perdue d'un relevé au suivant, de 0 à 1, qui demande un mot.")

    class Meta:
        model = Indicateur
        fields = [
            "code", "libelle", "famille", "forme", "numerateur", "denominateur", "population", "denominateur_commun",
            "fenetre", "unite", "sens", "cadence", "origine", "calcul", "sert_a", "definition", "source",
            "non_concernees", "plafonne", "borne_min", "borne_max", "seuil_chute", "transmis_au_financeur",
            "parts", "est_officiel", "retire_le",
        ]  # fmt: skip

    def get_non_concernees(self, indicateur: Indicateur) -> list[str]:
        """Codes FINESS des catégories d'ESMS qui n'ont pas à y répondre."""
        return sorted(c.code for c in indicateur.non_concernees.all())


class ListeIndicateurs(ListeDePage):
    """Le catalogue : ceux en vigueur, sauf demande contraire."""

    serializer_class = IndicateurSerializer
    liste = IndicateurListe
    route = "usages:indicateur-liste"

    def get_queryset(self) -> QuerySet[Indicateur]:
        """Avec ce que le JSON dit de plus que la page."""
        return super().get_queryset().select_related("denominateur_commun").prefetch_related("non_concernees")

    @decrire(
        "indicateurs_lister",
        "Lire le catalogue des indicateurs",
        IndicateurSerializer(many=True),
        liste=IndicateurListe,
    )
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Une page d'indicateurs, par famille puis par rang."""
        return super().get(*args, **kwargs)
