"""La précision demandée sur un chiffre : la question, la réponse."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from programme.services.journal import passages_en_journal
from programme.views.requete import Requete
from usages.models import Precision


@require_safe
def detail(request: Requete, pk: int) -> HttpResponse:
    """La question, la réponse, le chiffre dont il s'agit."""
    precision = get_object_or_404(Precision.objects.visibles_par(request.user).pour_lecture(), pk=pk)
    return render(
        request, "usages/precision_detail.html", {"precision": precision, "histoire": passages_en_journal(precision)}
    )
