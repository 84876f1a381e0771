"""Filtres des séances : à venir, passées, par état, par instance, par grappe."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from gouvernance.enums import EtatSeance, TypeInstance
from gouvernance.models import Instance, Seance
from programme.filters.grappes import choisir_ou_ecrire, menu_des_grappes, nom_de_grappe
from programme.socle.filtres import Cases, Choix, ChoixObjet, FiltreListe


def _instances_suivies(requete: Any) -> QuerySet:
    return Instance.objects.suivies_par(requete.user).only("pk", "nom").order_by("nom", "pk")


class SeanceFilter(FiltreListe):
    """Quand, état, type, instance, grappe."""

    quand = Choix(
        label="Quand", choices=[("venir", "à venir"), ("passees", "passées")], method="selon_la_date",
        empty_label="Peu importe",
    )  # fmt: skip
    etat = Cases(label="État", choices=EtatSeance.choices)
    type = Choix(label="Type d’instance", choices=TypeInstance.choices, field_name="comite__type")
    comite = ChoixObjet(label="Instance", queryset=_instances_suivies, empty_label="Toutes", nomme_par="nom")
    grappe = menu_des_grappes("comite__grappe")
    nom_grappe = nom_de_grappe("comite__grappe__tri")

    class Meta:
        model = Seance
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choisir_ou_ecrire(self)

    def selon_la_date(self, qs: Any, name: str, value: str) -> QuerySet:
        """Par rapport à maintenant."""
        maintenant = timezone.now()
        return qs.filter(debut__gte=maintenant) if value == "venir" else qs.filter(debut__lt=maintenant)
