"""Une session de formation."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from formation.models import SessionFormation
from programme.views.requete import Requete


@require_GET
def detail(request: Requete, pk: int) -> HttpResponse:
    """La session : quand, où, qui vient, ce qui reste à faire."""
    lues = SessionFormation.objects.visibles_par(request.user).pour_lecture()
    return render(request, "formation/session_detail.html", {"session": get_object_or_404(lues, pk=pk)})
