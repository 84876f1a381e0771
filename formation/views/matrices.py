"""Une matrice des droits d'accès."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from formation.models import Matrice
from programme.views.requete import Requete


@require_GET
def detail(request: Requete, pk: int) -> HttpResponse:
    """La matrice : la grille, ses raisons, ce qui la distingue du modèle."""
    lues = Matrice.objects.visibles_par(request.user).pour_lecture()
    return render(request, "formation/matrice_detail.html", {"matrice": get_object_or_404(lues, pk=pk)})
