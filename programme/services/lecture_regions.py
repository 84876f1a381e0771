"""Les régions telles que ce lecteur les voit : ESMS par état, grappes. La page et l'API lisent la même chose."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from programme.models import Grappe, Parcours, Region
from programme.socle.recherche import compte_par


def compter_par_etat(lecteur: Any, codes: Iterable[str]) -> dict[str, Counter[str]]:
    """Parcours visibles par région et par état, en une lecture groupée ; une région sans parcours n'a que des zéros."""
    comptes: dict[str, Counter[str]] = defaultdict(Counter)
    groupes = (
        Parcours.objects.visibles_par(lecteur)
        .filter(esms__departement__region__in=list(codes))
        .order_by()
        .values_list("esms__departement__region", "etat")
        .annotate(nombre=Count("pk"))
    )
    for region, etat, nombre in groupes:
        comptes[region][etat] = nombre
    return comptes


def grappes_de(lecteur: Any, region: Region) -> QuerySet[Grappe]:
    """Grappes visibles que la région instruit ou qui y ont un ESMS visible, avec `nb_esms` : ceux d'ici."""
    vus = Parcours.objects.visibles_par(lecteur).filter(esms__departement__region=region)
    ici = Q(region=region) | Exists(vus.filter(grappe=OuterRef("pk")))
    grappes: Any = Grappe.objects.visibles_par(lecteur).filter(ici)
    return grappes.annotate(nb_esms=compte_par("grappe", vus.dans_le_projet()))
