"""ESMS et organismes gestionnaires, désignés par leur FINESS."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from programme.api.commun import ListeDePage, decrire
from programme.models import Categorie, Esms, OrganismeGestionnaire
from programme.views.annuaire import EsmsListe


class OgSerializer(serializers.ModelSerializer):
    """Organisme gestionnaire ; le FINESS juridique peut manquer."""

    class Meta:
        model = OrganismeGestionnaire
        fields = ["finess", "nom", "siren"]


class CategorieSerializer(serializers.ModelSerializer):
    """Catégorie FINESS et son secteur."""

    class Meta:
        model = Categorie
        fields = ["code", "libelle", "sigle", "secteur"]


class EsmsCourtSerializer(serializers.ModelSerializer):
    """Un ESMS, là où il n'est qu'un renvoi."""

    class Meta:
        model = Esms
        fields = ["finess", "nom"]


class EsmsSerializer(serializers.ModelSerializer):
    """ESMS de l'annuaire. Sans adresse : pour quelques catégories, elle serait un domicile privé."""

    og = OgSerializer(allow_null=True)
    categorie = CategorieSerializer()
    departement = serializers.CharField(source="departement_id", allow_null=True)
    region = serializers.CharField(source="departement.region_id", allow_null=True, default=None)
    remplace_par = serializers.CharField(source="remplace_par.finess", allow_null=True, default=None)

    class Meta:
        model = Esms
        fields = [
            "finess",
            "nom",
            "nom_long",
            "categorie",
            "og",
            "code_postal",
            "ville",
            "departement",
            "region",
            "est_actif",
            "ouvert_le",
            "ferme_le",
            "remplace_par",
        ]


class ListeEsms(ListeDePage):
    """Annuaire des ESMS : en activité et du champ, sauf demande contraire."""

    serializer_class = EsmsSerializer
    liste = EsmsListe
    route = "programme:esms-liste"

    def get_queryset(self) -> QuerySet[Esms]:
        """Avec ce que le JSON dit de plus que la page."""
        return super().get_queryset().select_related("og", "categorie", "departement", "remplace_par")

    @decrire("esms_lister", "Chercher un ESMS", EsmsSerializer(many=True), liste=EsmsListe)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Une page d'ESMS, par ordre alphabétique."""
        return super().get(*args, **kwargs)
