"""L'état des lieux d'une grappe, et ce qu'on en emporte : la matière du cahier des charges."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme.documents.cahier import cahier_de
from programme.documents.rendu import TYPE_DOCX
from programme.permissions import peut_lire_grille, voit_toute_la_grappe
from programme.services.etat_grappe import etat_de
from programme.views.grappes import grappe_visible
from programme.views.refus import exiger
from programme.views.requete import Requete


@require_safe
def etat_des_lieux(request: Requete, pk: int) -> HttpResponse:
    """Qui a répondu, quelles applications par usage et par éditeur, quel équipement, quels besoins."""
    grappe = grappe_visible(request, pk)
    exiger(peut_lire_grille(request.user, grappe))
    etat = etat_de(grappe, par=request.user)
    contexte = {"grappe": grappe, "etat": etat, "entiere": voit_toute_la_grappe(request.user, grappe)}
    return render(request, "programme/grappe_etat.html", contexte)


@require_safe
def cahier_des_charges(request: Requete, pk: int) -> HttpResponse:
    """La matière du cahier des charges en DOCX : à reprendre, jamais à signer telle quelle."""
    grappe = grappe_visible(request, pk)
    exiger(peut_lire_grille(request.user, grappe))
    cahier = cahier_de(grappe, par=request.user, le=timezone.localtime())
    return HttpResponse(
        cahier.en_docx(),
        content_type=TYPE_DOCX,
        headers={"Content-Disposition": f'attachment; filename="{cahier.nom}"'},
    )
