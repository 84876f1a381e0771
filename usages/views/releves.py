"""Les relevés d'un ESMS : celui d'une période, ce qu'il en reste à faire."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from programme.services.journal import passages_en_journal
from programme.views.requete import Requete
from usages.models import Releve


def releve_visible(request: Requete, pk: int) -> Releve:
    """Le relevé, ou 404 pour qui ne le voit pas."""
    return get_object_or_404(Releve.objects.visibles_par(request.user).pour_lecture(), pk=pk)


@require_safe
def detail(request: Requete, pk: int) -> HttpResponse:
    """Un relevé : ses chiffres, où il en est."""
    releve = releve_visible(request, pk)
    return render(request, "usages/releve_detail.html", {"releve": releve, "histoire": passages_en_journal(releve)})
