"""La routine d'un ESMS : ce qui la fragilise, et le plan qu'on en fait ; jamais un retour en arrière."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme.enums import EtatParcours
from programme.models import Parcours
from programme.services.lecture_actions import encart_de
from programme.views.refus import exiger
from programme.views.requete import Requete
from usages.calculs.fragilite import Cause, Raison
from usages.permissions import peut_lire_usages
from usages.services.fragilite import lire

GESTES = {
    Cause.USAGE: ("usages:parcours-releves", "Voir les relevés"),
    Cause.ROTATION: ("formation:parcours-arrivants", "Voir les arrivants"),
    Cause.VERSION: ("formation:parcours-formation", "Voir la formation"),
    Cause.MODULE: ("formation:parcours-formation", "Voir la formation"),
}
"""Où l'on y travaille."""


@dataclass(frozen=True, slots=True)
class RaisonMontree:
    """Une raison, et la page où l'on y travaille."""

    raison: Raison
    url: str
    geste: str


@require_safe
def parcours(request: Requete, pk: int) -> HttpResponse:
    """Ce qui fragilise la routine aujourd'hui, et les actions de l'ESMS."""
    lus = Parcours.objects.visibles_par(request.user).select_related("esms__departement", "grappe")
    ici = get_object_or_404(lus, pk=pk)
    exiger(peut_lire_usages(request.user, ici))
    au = timezone.localdate()
    dites = lire(Parcours.objects.filter(pk=ici.pk), au).get(ici.pk, [])
    contexte = {
        "parcours": ici,
        "en_routine": ici.etat == EtatParcours.ROUTINE,
        "raisons": [RaisonMontree(r, reverse(GESTES[r.cause][0], args=[ici.pk]), GESTES[r.cause][1]) for r in dites],
        "actions": encart_de(ici, par=request.user, au=au),
    }
    return render(request, "usages/parcours_routine.html", contexte)
