"""La règle d'alerte des risques : ce qui est inacceptable n'attend pas la prochaine séance."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse

from programme.enums import EtatGrappe, EtatParcours
from programme.socle.regles_alerte import Signalement, inscrire
from risques.models import Risque

FINIES = (EtatGrappe.SOLDEE, EtatGrappe.NON_RETENUE, EtatGrappe.RESILIEE)


def _page(cle: str, lecteur: Any) -> str:
    vu = Risque.objects.visibles_par(lecteur).filter(pk=cle).exists()
    return reverse("risques:risque-detail", args=[cle]) if vu else ""


@inscrire("risque_inacceptable", "Un risque inacceptable", _page)
def risque_inacceptable(au: date) -> Iterator[Signalement]:
    """Les risques ouverts au niveau qui appelle un arrêt, selon le barème de leur grappe. Une requête."""
    lus = Risque.objects.inacceptables().exclude(grappe__etat__in=FINIES).exclude(parcours__etat=EtatParcours.SORTI)
    for r in lus.select_related("grappe", "parcours__esms").order_by("pk"):
        yield Signalement(
            cle=str(r.pk),
            grappe=r.grappe,
            parcours=r.parcours,
            intitule=f"Risque inacceptable : {r.libelle}",
            texte=f"Criticité {r.cote} sur 16 : à traiter avant d'aller plus loin.",
        )
