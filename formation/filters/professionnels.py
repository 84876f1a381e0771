"""Filtres des utilisateurs prévus d'un ESMS : ceux qui y sont aujourd'hui par défaut."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from formation.enums import OriginePoste, Rythme
from formation.models import Poste
from formation.models.communs import parcours_geres
from programme.models import Metier, Unite
from programme.socle.filtres import Cases, Choix, ChoixObjet, FiltreListe

A_VENIR, SORTIS, RENFORTS, TOUS = "a_venir", "sortis", "renforts", "tous"


class Presence(Choix):
    """Aujourd'hui, hors renforts, si l'on ne choisit pas."""

    def filter(self, qs: Any, value: str) -> QuerySet:
        """Les postes tenus, à venir, finis, ou les renforts du jour."""
        au = timezone.localdate()
        if value == A_VENIR:
            return qs.filter(debut__gt=au)
        if value == SORTIS:
            return qs.filter(fin__lt=au)
        if value == TOUS:
            return qs
        return qs.renforts(au) if value == RENFORTS else qs.prevus(au)


def _unites_de_la_page(request: Any) -> QuerySet:
    """Les unités de l'ESMS dont c'est la page."""
    page = getattr(request, "resolver_match", None)
    geres = parcours_geres(request.user).filter(pk=page.kwargs.get("pk") if page else None)
    return Unite.objects.filter(parcours__in=geres.order_by().values("pk"))


class PosteFilter(FiltreListe):
    """Présence, métier, unité, rythme, origine."""

    presence = Presence(
        label="Quand",
        choices=[
            (RENFORTS, "renforts de moins d'un mois"),
            (A_VENIR, "à venir"),
            (SORTIS, "sortis"),
            (TOUS, "tous, renforts et sortis compris"),
        ],
        empty_label="en poste aujourd'hui",
    )
    metier = ChoixObjet(label="Métier", queryset=Metier.objects.all(), nomme_par="nom")
    unite = ChoixObjet(label="Unité", queryset=_unites_de_la_page, nomme_par="nom", empty_label="Toutes")
    rythme = Choix(label="Travaille", choices=Rythme.choices, empty_label="Peu importe")
    # Le paramètre « origine » est déjà pris par toutes les listes : revenir aux colonnes d'origine.
    provenance = Cases(label="Vient de", field_name="professionnel__origine", choices=OriginePoste.choices)

    class Meta:
        model = Poste
        fields: list[str] = []
