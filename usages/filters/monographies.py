"""Filtres des monographies : où elles en sont, la région et le secteur de l'ESMS."""

from typing import Any

from django.db.models import QuerySet

from programme.enums import Secteur
from programme.models import Region
from programme.socle.filtres import Cases, Choix, ChoixObjet, FiltreListe
from usages.enums import EtatMonographie
from usages.models import Monographie

REGION = "visite__parcours__esms__departement__region"


def _regions_lues(requete: Any) -> QuerySet:
    """Celles d'où vient une monographie que lit ce compte."""
    return Region.objects.filter(pk__in=Monographie.objects.lisibles_par(requete.user).order_by().values(REGION))


class MonographieFilter(FiltreListe):
    """État, région, secteur."""

    etat = Cases(label="État", choices=EtatMonographie.choices, field_name="etat_lu")
    region = ChoixObjet(
        label="Région", field_name=REGION, queryset=_regions_lues, empty_label="Toutes", nomme_par="nom"
    )
    secteur = Choix(label="Secteur", field_name="visite__parcours__esms__categorie__secteur", choices=Secteur.choices)

    class Meta:
        model = Monographie
        fields: list[str] = []
