"""Filtres des événements d'ESMS."""

from typing import Any

from django.db.models import QuerySet

from programme.enums import NatureEvenement
from programme.models import EvenementEsms
from programme.socle.filtres import Choix, FiltreListe, Mots

SUITES = (("traites", "suite donnée"), ("tous", "tous"))


class Suite(Choix):
    """Ce qui attend une suite par défaut ; le reste, à la demande."""

    def filter(self, qs: Any, value: str) -> QuerySet:
        """Rien de choisi : à traiter."""
        if value == "traites":
            return qs.filter(traite_le__isnull=False)
        return qs if value == "tous" else qs.a_traiter()


class EvenementFilter(FiltreListe):
    """Suite, nature, ESMS, grappe."""

    suite = Suite(label="Suite", field_name="traite_le", choices=SUITES, empty_label="à traiter")
    nature = Choix(label="Nature", choices=NatureEvenement.choices)
    esms = Mots(label="ESMS : nom, ville ou FINESS", field_name="esms__recherche")

    class Meta:
        model = EvenementEsms
        fields: list[str] = []
