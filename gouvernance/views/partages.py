"""Le partage d'un compte rendu avec le financeur : l'ouvrir, le fermer, voir qui lira quoi."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gouvernance.models import PartageSeance, Seance
from gouvernance.permissions import peut_partager_seance, peut_suivre_seance
from gouvernance.services import partages as services
from programme.forms.partages import PartageForm
from programme.socle.erreurs import Refus
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir

FERMER = "fermer"


def _fermer(request: Requete, seance: Seance, page: str) -> HttpResponse:
    """Ferme le partage désigné ; s'il ne court déjà plus, le dit."""
    cle = request.POST.get("partage", "")
    siens = PartageSeance.objects.filter(seance=seance).select_related("seance__comite__grappe")
    partage = get_object_or_404(siens, pk=int(cle) if cle.isdecimal() and len(cle) < 19 else 0)
    try:
        services.fermer(partage=partage, par=request.user)
    except Refus as refus:
        messages.warning(request, refus.motif)
    else:
        messages.success(request, f"Le partage est fermé, {partage} : le financeur n’y lit plus rien.")
    return redirect(page)


@require_http_methods(["GET", "POST"])
def seance_partage(request: Requete, pk: int) -> HttpResponse:
    """Ce que le financeur lit de cette séance, jusqu'à quand ; l'ouvrir, le fermer."""
    seance = get_object_or_404(
        Seance.objects.visibles_par(request.user).select_related("comite__grappe__region"), pk=pk
    )
    exiger(peut_suivre_seance(request.user, seance))
    droit, page = peut_partager_seance(request.user, seance), reverse("gouvernance:seance-partage", args=[pk])
    if request.method == "POST":
        exiger(droit)
        if request.POST.get("geste") == FERMER:
            return _fermer(request, seance, page)
    formulaire = PartageForm(request.POST or None)
    return saisir(
        request,
        formulaire,
        lambda: services.ouvrir(seance=seance, par=request.user, **formulaire.cleaned_data),
        retour=page,
        succes=lambda p: f"Le partage est ouvert, {p} : le financeur le lit dès maintenant.",
        gabarit="gouvernance/seance_partage.html",
        seance=seance,
        partages=services.tenus(seance),
        financeurs=services.financeurs_de(seance, timezone.localdate()),
        se_partage=services.se_partage(seance),
        droit=droit,
        lira=services.LIRA,
        ne_lira_pas=services.NE_LIRA_PAS,
    )
