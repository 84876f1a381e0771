"""Les pièces d'une séance : les lire, en joindre une, en retirer une."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gouvernance.permissions import peut_suivre_seance, peut_tenir_seance
from gouvernance.services import pieces as services
from gouvernance.views.seances import seance_visible
from programme.forms.pieces import PieceForm
from programme.socle.pieces import pieces_de
from programme.views.pieces import garnir
from programme.views.refus import exiger
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
        fautif = garnir(
            request,
            seance,
            joindre=lambda fichier: services.joindre(seance=seance, fichier=fichier, par=request.user),
            retirer=lambda piece: services.retirer(seance=seance, piece=piece, par=request.user),
        )
        if fautif is None:
            return redirect(PAGE, pk=pk)
        formulaire = fautif
    contexte = {
        "seance": seance,
        "pieces": pieces_de(seance).select_related("deposee_par"),
        "formulaire": formulaire,
        "tient": bool(tient),
        "figees": services.refus_de(seance),
    }
    return render(request, "gouvernance/seance_pieces.html", contexte, status=422 if formulaire.errors else 200)
