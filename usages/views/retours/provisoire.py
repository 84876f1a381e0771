"""Provisoire : trois pages des autres parts, pour que leurs adresses existent ici. À retirer à l'intégration."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from programme.views.requete import Requete
from usages.models import Enseignement, Retour
from usages.services.retours.suites import offertes_a, suites_de


@require_safe
def retour(request: Requete, pk: int) -> HttpResponse:
    """Le fragment des suites, seul."""
    lu = get_object_or_404(Retour.objects.visibles_par(request.user).pour_lecture(), pk=pk)
    contexte = {"retour": lu, "suites": suites_de(lu, request.user), "offertes": offertes_a(lu, request.user)}
    return render(request, "usages/retour_provisoire.html", contexte)


@require_safe
def retours(request: Requete, pk: int) -> HttpResponse:
    """Rien encore."""
    return HttpResponse("Provisoire", content_type="text/plain")


@require_safe
def enseignement(request: Requete, pk: int) -> HttpResponse:
    """Son libellé, seul."""
    lu = get_object_or_404(Enseignement.objects.visibles_par(request.user), pk=pk)
    return HttpResponse(str(lu), content_type="text/plain; charset=utf-8")
