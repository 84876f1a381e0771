"""Filtres de l'annuaire : ESMS et organismes gestionnaires."""

from typing import Any

from django.db.models import QuerySet

from programme.enums import Secteur
from programme.models import Categorie, Departement, Esms, OrganismeGestionnaire, Region
from programme.socle.filtres import Choix, ChoixObjet, FiltreListe, Mots


class Activite(Choix):
    """En activité par défaut ; l'annuaire garde aussi les fermés."""

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        """Rien de choisi : ceux qui sont ouverts."""
        if value == "tous":
            return qs
        return qs.filter(est_actif=value != "fermes")


class Champ(Choix):
    """Les catégories rattachées à un secteur par défaut ; les autres sont gardées, hors des listes."""

    def filter(self, qs: Any, value: Any) -> QuerySet:
        """Rien de choisi : le champ du produit."""
        return qs if value == "toutes" else qs.du_champ()


class EsmsFilter(FiltreListe):
    """Filtres de l'annuaire des ESMS."""

    region = ChoixObjet(
        label="Région", field_name="departement__region", queryset=Region.objects.all(), empty_label="Toutes"
    )
    departement = ChoixObjet(label="Département", queryset=Departement.objects.all())
    categorie = ChoixObjet(
        label="Catégorie",
        queryset=Categorie.objects.exclude(secteur="").order_by("sigle", "code"),
        empty_label="Toutes",
    )
    secteur = Choix(label="Secteur", field_name="categorie__secteur", choices=Secteur.choices)
    og: Any = Mots(label="OG : nom, FINESS ou SIREN", field_name="og__recherche")
    activite = Activite(
        label="Activité",
        choices=[("fermes", "Fermés ou remplacés"), ("tous", "Tous, fermés compris")],
        empty_label="En activité",
    )
    champ = Champ(
        label="Catégories hors du champ",
        choices=[("toutes", "Montrées")],
        empty_label="Masquées",
    )

    class Meta:
        model = Esms
        fields: list[str] = []


class EsmsDeLOgFilter(EsmsFilter):
    """Sur la fiche d'un OG : les siens, donc sans le choisir."""

    og = None


class OgFilter(FiltreListe):
    """Filtres des organismes gestionnaires."""

    region = ChoixObjet(
        label="Région où il gère un ESMS", queryset=Region.objects.all(), empty_label="Toutes", method="en_region"
    )

    class Meta:
        model = OrganismeGestionnaire
        fields: list[str] = []

    def en_region(self, qs: QuerySet, name: str, value: Region) -> QuerySet:
        """Qui gèrent au moins un ESMS ouvert dans la région."""
        ouverts = Esms.objects.en_activite().filter(departement__region=value).order_by()
        return qs.filter(pk__in=ouverts.values("og"))
