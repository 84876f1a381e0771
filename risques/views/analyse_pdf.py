"""Emporter l'analyse de risques d'un ESMS."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from programme.models import Parcours
from programme.views.refus import exiger
from programme.views.requete import Requete
from risques.documents.analyse import analyse_de
from risques.permissions import peut_lire_les_risques


@require_safe
def analyse(request: Requete, pk: int) -> HttpResponse:
    """L'analyse et le registre ouvert, en PDF balisé."""
    parcours = get_object_or_404(Parcours.objects.visibles_par(request.user).pour_lecture(), pk=pk)
    exiger(peut_lire_les_risques(request.user, parcours))
    document = analyse_de(parcours, par=request.user)
    return HttpResponse(
        document.en_pdf(),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{document.nom}"'},
    )
