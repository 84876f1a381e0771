"""Les pièces d'une séance : les lire, en joindre une, en retirer une."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from gouvernance.models import Seance
from gouvernance.permissions import peut_suivre_seance, peut_tenir_seance
from gouvernance.services import pieces as services
from gouvernance.views.seances import seance_visible
from programme.forms.pieces import PieceForm
from programme.socle.depots import envoi_trop_gros
from programme.socle.pieces import pieces_de
from programme.views.refus import exiger, tenter
from programme.views.requete import Requete

PAGE = "gouvernance:seance-pieces"


@require_http_methods(["GET", "POST"])
def seance_pieces(request: Requete, pk: int) -> HttpResponse:
    """Ce qu'on a joint à une séance ; qui la tient en joint, en retire, jusqu'à la diffusion."""
    seance = seance_visible(request, pk)
    exiger(peut_suivre_seance(request.user, seance))
    tient = peut_tenir_seance(request.user, seance)
    formulaire = PieceForm()
    if request.method == "POST":
        exiger(tient)
        if request.POST.get("retirer"):
            return _retirer(request, seance)
        formulaire = PieceForm(request.POST, request.FILES, trop_gros=envoi_trop_gros(request))
        if formulaire.is_valid() and (piece := tenter(formulaire, lambda: _joindre(request, seance, formulaire))):
            messages.success(request, f"« {piece} » est joint à la séance « {seance} ».")
            return redirect(PAGE, pk=pk)
    contexte = {
        "seance": seance,
        "pieces": pieces_de(seance).select_related("deposee_par"),
        "formulaire": formulaire,
        "tient": bool(tient),
        "figees": services.refus_de(seance),
    }
    return render(request, "gouvernance/seance_pieces.html", contexte, status=422 if formulaire.errors else 200)


def _joindre(request: Requete, seance: Seance, formulaire: PieceForm) -> Any:
    return services.joindre(seance=seance, fichier=formulaire.cleaned_data["fichier"], par=request.user)


def _retirer(request: Requete, seance: Seance) -> HttpResponse:
    """Retire la pièce désignée ; une pièce d'ailleurs n'existe pas ici."""
    try:
        cle = UUID(request.POST["retirer"])
    except ValueError:
        cle = UUID(int=0)
    piece = get_object_or_404(pieces_de(seance), pk=cle)
    formulaire = PieceForm({}, {})
    if tenter(formulaire, lambda: services.retirer(seance=seance, piece=piece, par=request.user) or True):
        messages.success(request, f"« {piece} » est retiré de la séance « {seance} ».")
    else:
        messages.warning(request, services.refus_de(seance) or services.FIGEE)
    return redirect(PAGE, pk=seance.pk)
