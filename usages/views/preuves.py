"""Les preuves d'usage d'un jalon de financement."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from programme.services.journal import passages_en_journal
from programme.views.requete import Requete
from usages.models import PreuveUsage


@require_safe
def detail(request: Requete, pk: int) -> HttpResponse:
    """La preuve : ses chiffres, sa date, sa signature."""
    preuve = get_object_or_404(PreuveUsage.objects.visibles_par(request.user).pour_lecture(), pk=pk)
    return render(
        request, "usages/preuveusage_detail.html", {"preuve": preuve, "histoire": passages_en_journal(preuve)}
    )
