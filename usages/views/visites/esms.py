"""Les études d'un ESMS, vues de lui : la visite proposée, y répondre d'un geste, ce qui sera lu et par qui."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from programme.models import Parcours
from programme.socle.erreurs import Refus
from programme.socle.porte import changer_etat
from programme.views.refus import exiger
from programme.views.requete import Requete
from usages.enums import EtatVisite
from usages.models import Visite
from usages.permissions import peut_lire_usages, peut_recevoir_la_visite
from usages.services.visites import lecture

PAGE = "usages:parcours-etudes"
SANS_REPONSE = "Acceptez la visite, ou refusez-la en disant pourquoi."
GESTES = {
    "accepter": "La visite est acceptée : l'équipe de l'étude l'apprend dans Treille.",
    "refuser": "La visite est refusée : l'étude lit votre motif, et choisira un autre ESMS.",
}


@require_http_methods(["GET", "POST"])
def parcours_etudes(request: Requete, pk: int) -> HttpResponse:
    """Ce qu'on demande à cet ESMS, ce qu'on en fera ; accepter ou refuser sur place."""
    vus = Parcours.objects.visibles_par(request.user).select_related("esms__departement", "esms__og", "grappe")
    parcours = get_object_or_404(vus, pk=pk)
    exiger(peut_lire_usages(request.user, parcours))
    faute: dict[str, Any] = {}
    if request.method == "POST" and not (faute := _repondre(request, parcours)):
        return redirect(PAGE, pk=pk)
    contexte = {
        "parcours": parcours,
        "lu": lecture.chez(parcours, request.user),
        "recoit": bool(peut_recevoir_la_visite(request.user, parcours)),
        "faute": faute,
    }
    return render(request, "usages/parcours_etudes.html", contexte, status=422 if faute else 200)


def _repondre(request: Requete, parcours: Parcours) -> dict[str, Any]:
    """Franchit le passage demandé ; rend ce qui manque, et ce qui était écrit, si la porte refuse."""
    exiger(peut_recevoir_la_visite(request.user, parcours))
    cle, geste = request.POST.get("visite", ""), request.POST.get("geste", "")
    motif = request.POST.get("motif", "").strip()
    if not cle or geste not in GESTES:
        return {"visite": 0, "motif": motif, "phrase": SANS_REPONSE}
    siennes = Visite.objects.visibles_par(request.user).pour_lecture().filter(parcours=parcours)
    visite = get_object_or_404(siennes, pk=int(cle) if cle.isdecimal() and len(cle) < 19 else 0)
    try:
        changer_etat(visite, geste, par=request.user, motif=motif)
    except Refus as refus:
        if refus.code == "droit":
            raise PermissionDenied(refus.motif) from refus
        dits = [m.libelle if not m.mesure else f"{m.libelle} : {m.mesure}" for m in refus.manques]
        attend = visite.etat == EtatVisite.PROPOSEE
        return {"visite": visite.pk if attend else 0, "motif": motif, "phrase": " ".join([refus.motif, *dits])}
    messages.success(request, GESTES[geste])
    return {}
