"""Ce que les risques savent mesurer. Le financeur n'en lit rien : à cataloguer « non transmis » (metier §1)."""

from datetime import date
from typing import Any

from django.db.models import Count

from programme.socle.indicateurs import Mesures, inscrire, repartitions
from risques.models import Risque
from risques.models.registre import OUVERTS


@inscrire("risques_par_niveau", "Risques ouverts, par niveau")
def risques_par_niveau(parcours: Any, debut: date, fin: date) -> Mesures:
    """Ceux de l'ESMS, ouverts à cette date, au niveau où on les cote aujourd'hui. Deux requêtes."""
    siens: Any = Risque.objects.filter(parcours__in=parcours.order_by().values("pk"), cree_le__date__lte=fin)
    ouverts = siens.avec_etat_au(fin).filter(etat_au__in=OUVERTS).avec_niveau().order_by()
    par_niveau = ouverts.values_list("parcours", "niveau").annotate(nombre=Count("pk"))
    return repartitions(par_niveau, parcours.order_by().values_list("pk", flat=True))
