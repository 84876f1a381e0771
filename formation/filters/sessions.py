"""Filtres des sessions : à venir ou passées, état, module, ESMS, mois, grappe."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.forms import DateField, DateInput
from django.utils import timezone
from django_filters import Filter

from formation.enums import EtatSession
from formation.models import ModuleFormation, SessionFormation
from programme.filters.grappes import choisir_ou_ecrire, menu_des_grappes, nom_de_grappe
from programme.models import Parcours
from programme.socle.filtres import Cases, Choix, ChoixObjet, FiltreListe


def _modules_lus(requete: Any) -> QuerySet:
    return ModuleFormation.objects.visibles_par(requete.user).only("pk", "nom")


def _esms_lus(requete: Any) -> QuerySet:
    """Les ESMS qui tiennent une session : pas tous ceux du pays."""
    tenues = SessionFormation.objects.visibles_par(requete.user).order_by().values("parcours")
    return Parcours.objects.filter(pk__in=tenues).order_by("esms__tri", "pk")


class MoisField(DateField):
    """Un mois, tel que le navigateur l'écrit : « 2026-12 »."""

    input_formats = ["%Y-%m", "%m/%Y", "%Y-%m-%d"]


class MoisFilter(Filter):
    """Le mois où la session commence, à Paris."""

    field_class = MoisField

    def filter(self, qs: QuerySet, value: date | None) -> QuerySet:
        """Du premier jour du mois au premier du suivant."""
        if not value:
            return qs
        premier = value.replace(day=1)
        suivant = (premier + timedelta(days=32)).replace(day=1)
        bornes = [timezone.make_aware(datetime.combine(j, datetime.min.time())) for j in (premier, suivant)]
        return qs.filter(debut__gte=bornes[0], debut__lt=bornes[1])


class SessionFormationFilter(FiltreListe):
    """Quand, mois, état, module, ESMS, places, grappe."""

    quand = Choix(
        label="Quand", choices=[("venir", "à venir"), ("passees", "passées")], method="selon_la_date",
        empty_label="Peu importe",
    )  # fmt: skip
    mois = MoisFilter(label="Mois", widget=DateInput(attrs={"type": "month"}, format="%Y-%m"))
    etat = Cases(label="État", choices=EtatSession.choices)
    module = ChoixObjet(label="Module", queryset=_modules_lus, nomme_par="nom")
    parcours = ChoixObjet(
        label="ESMS", queryset=_esms_lus, nomme_par="esms__nom", method="pour_l_esms"
    )  # fmt: skip
    places = Choix(
        label="Places", choices=[("libres", "il en reste")], method="selon_les_places", empty_label="Peu importe"
    )
    grappe = menu_des_grappes()
    nom_grappe = nom_de_grappe()

    class Meta:
        model = SessionFormation
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choisir_ou_ecrire(self)

    def selon_la_date(self, qs: Any, name: str, value: str) -> QuerySet:
        """Par rapport à maintenant."""
        maintenant = timezone.now()
        return qs.filter(debut__gte=maintenant) if value == "venir" else qs.filter(debut__lt=maintenant)

    def pour_l_esms(self, qs: Any, name: str, value: Parcours) -> QuerySet:
        """Les siennes, et celles de toute sa grappe, où il peut venir."""
        return qs.filter(Q(parcours=value) | Q(parcours__isnull=True, grappe=value.grappe_id))

    def selon_les_places(self, qs: Any, name: str, value: str) -> QuerySet:
        """Celles où l'on peut encore s'inscrire sans attendre."""
        return qs.filter(nb_libres__gt=0, etat__in=(EtatSession.PLANIFIEE, EtatSession.OUVERTE))
