"""Les demandes d'une grappe à un éditeur."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from programme.services.journal import passages_en_journal
from programme.views.requete import Requete
from usages.models import DemandeEditeur


@require_safe
def detail(request: Requete, pk: int) -> HttpResponse:
    """La demande, et ce qu'il en est."""
    demande = get_object_or_404(DemandeEditeur.objects.visibles_par(request.user).pour_lecture(), pk=pk)
    return render(
        request, "usages/demandeediteur_detail.html", {"demande": demande, "histoire": passages_en_journal(demande)}
    )
