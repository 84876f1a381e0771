"""Ce que la gouvernance sait mesurer. Le financeur ne lit pas les alertes : à cataloguer « non transmis »."""

from datetime import date
from typing import Any

from django.db.models import Count

from gouvernance.models import Alerte
from gouvernance.models.alertes import OUVERTES
from programme.socle.indicateurs import Mesures, comptes, inscrire


@inscrire("points_attention", "Alertes ouvertes")
def points_attention(parcours: Any, debut: date, fin: date) -> Mesures:
    """Celles de l'ESMS, pas closes à cette date ; celles de toute la grappe ne sont à aucun. Deux requêtes."""
    siennes: Any = Alerte.objects.filter(parcours__in=parcours.order_by().values("pk"), levee_le__date__lte=fin)
    ouvertes = siennes.avec_etat_au(fin).filter(etat_au__in=OUVERTES).order_by()
    return comptes(
        ouvertes.values_list("parcours").annotate(nombre=Count("pk")), parcours.order_by().values_list("pk", flat=True)
    )
