"""Filtres des affectations."""

from django.db.models import QuerySet
from django.utils import timezone

from programme.enums import Role, Titre
from programme.models import Affectation
from programme.socle.filtres import Choix, FiltreListe, Mots

MOMENTS = (("passees", "passées"), ("a_venir", "à venir"), ("toutes", "toutes"))


class Moment(Choix):
    """En cours et à venir par défaut ; les passées restent, à la demande."""

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        """Rien de choisi : ce qui court ou va courir."""
        aujourd_hui = timezone.localdate()
        if value == "passees":
            return qs.filter(au__lt=aujourd_hui)
        if value == "a_venir":
            return qs.filter(du__gt=aujourd_hui)
        return qs if value == "toutes" else qs.exclude(au__lt=aujourd_hui)


class AffectationFilter(FiltreListe):
    """Rôle, moment, et sur quoi."""

    role = Choix(label="Rôle", choices=Role.choices)
    titre = Choix(label="À quel titre", choices=Titre.choices)
    moment = Moment(label="Quand", field_name="au", choices=MOMENTS, empty_label="en cours et à venir")
    esms = Mots(label="ESMS : nom, ville ou FINESS", field_name="esms__recherche")
    og = Mots(label="OG : nom, FINESS ou SIREN", field_name="og__recherche")

    class Meta:
        model = Affectation
        fields: list[str] = []
