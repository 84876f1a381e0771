"""Filtres des besoins et des applications."""

from typing import Any

from django.db.models import QuerySet

from programme.enums import DomaineApplication, PrioriteBesoin, SortApplication
from programme.models import Application, Besoin, Grappe, Module
from programme.socle.filtres import Cases, Choix, ChoixObjet, FiltreListe, Mots


def _grappes(requete: Any) -> QuerySet:
    return Grappe.objects.visibles_par(requete.user).only("pk", "nom")


class BesoinFilter(FiltreListe):
    """Par grappe, module, priorité ; rapproché ou seul."""

    grappe = ChoixObjet(
        label="Grappe", field_name="parcours__grappe", queryset=_grappes, empty_label="Toutes", nomme_par="nom"
    )
    module = ChoixObjet(label="Module", queryset=Module.objects.all(), nomme_par="nom")
    priorite = Cases(label="Priorité", choices=PrioriteBesoin.choices)
    rapproche = Choix(
        label="Dans la grappe",
        choices=[("oui", "rapprochés"), ("non", "encore seuls")],
        method="est_rapproche",
        empty_label="Peu importe",
    )
    esms = Mots(label="ESMS : nom, ville ou FINESS", field_name="parcours__esms__recherche")
    og = Mots(label="OG : nom, FINESS ou SIREN", field_name="parcours__esms__og__recherche")

    class Meta:
        model = Besoin
        fields: list[str] = []

    def est_rapproche(self, qs: QuerySet, name: str, value: str) -> QuerySet:
        """Rangés sous un besoin commun, ou pas encore."""
        return qs.filter(commun__isnull=value == "non")


class ApplicationFilter(FiltreListe):
    """Par grappe, usage, sort ; d'un éditeur."""

    grappe = ChoixObjet(label="Grappe", queryset=_grappes, empty_label="Toutes", nomme_par="nom")
    domaine = Choix(label="Sert à", choices=DomaineApplication.choices)
    sort = Cases(label="Avec le DUI", choices=SortApplication.choices)
    og = Mots(label="OG qui la dit : nom, FINESS ou SIREN", field_name="og__recherche")
    esms = Mots(label="ESMS qui la dit : nom, ville ou FINESS", field_name="parcours__esms__recherche")

    class Meta:
        model = Application
        fields: list[str] = []
