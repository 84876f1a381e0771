"""Comparer un ESMS à ses semblables."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from programme.models import Parcours
from programme.views.refus import exiger
from programme.views.requete import Requete
from usages.permissions import peut_lire_usages
from usages.services.agregats.semblables import comparer


@require_safe
def parcours(request: Requete, pk: int) -> HttpResponse:
    """Le dernier relevé transmis de l'ESMS, face à ceux qui lui ressemblent."""
    vus = Parcours.objects.visibles_par(request.user).select_related("esms__categorie", "esms__departement", "grappe")
    parcours = get_object_or_404(vus, pk=pk)
    exiger(peut_lire_usages(request.user, parcours))
    lignes = comparer(request.user, parcours)
    contexte = {"parcours": parcours, "lignes": lignes, "rien_a_comparer": all(x.est_masquee for x in lignes)}
    return render(request, "usages/parcours_semblables.html", contexte)
