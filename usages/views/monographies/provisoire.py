"""Lire le document, en attendant sa vraie page."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from programme.views.requete import Requete
from usages.models import Monographie


@require_safe
def lire(request: Requete, pk: int) -> HttpResponse:
    """Le titre seul."""
    lues = Monographie.objects.lisibles_par(request.user).pour_lecture()
    return render(request, "usages/monographie_provisoire.html", {"monographie": get_object_or_404(lues, pk=pk)})
