"""Emporter le dossier de feu vert d'un ESMS."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from programme.documents.feu_vert import decides, dossier_de
from programme.models import Parcours
from programme.permissions import peut_lire_preparation
from programme.socle.models import Passage
from programme.views.refus import exiger
from programme.views.requete import Requete


def _passage(parcours: Parcours, demande: str) -> Passage | None:
    if not demande:
        return None
    if not (demande.isascii() and demande.isdigit() and len(demande) < 19):
        raise Http404("passage inconnu")
    return get_object_or_404(decides(parcours), pk=int(demande))


@require_safe
def parcours_feu_vert(request: Requete, pk: int) -> HttpResponse:
    """Le dossier du passage à venir, ou d'un passage décidé (`?passage=`), en PDF balisé."""
    parcours = get_object_or_404(Parcours.objects.visibles_par(request.user).pour_lecture(), pk=pk)
    exiger(peut_lire_preparation(request.user, parcours))
    passage = _passage(parcours, request.GET.get("passage", ""))
    dossier = dossier_de(parcours, par=request.user, passage=passage)
    return HttpResponse(
        dossier.en_pdf(),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{dossier.nom}"'},
    )
