"""Les partages avec le financeur : ceux d'un ESMS, ceux d'une grappe, en fermer un."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from programme.models import Grappe, Parcours
from programme.socle.erreurs import Refus
from programme.views.grappes import grappe_visible
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir
from risques.forms.partages import PartageForm
from risques.models import PartageRisques
from risques.permissions import peut_lire_de_pres, peut_partager
from risques.services import partages as services

LUS = ("esms__og", "esms__departement__region", "grappe")


def _page(cible: Parcours | Grappe) -> str:
    nom = "parcours" if isinstance(cible, Parcours) else "grappe"
    return reverse(f"risques:{nom}-partages", args=[cible.pk])


def _saisir(request: Requete, cible: Parcours | Grappe, gabarit: str, **contexte: Any) -> HttpResponse:
    """La liste, et de quoi en ouvrir un."""
    droit = peut_partager(request.user, cible)
    if request.method == "POST":
        exiger(droit)
    formulaire = PartageForm(request.POST or None)
    return saisir(
        request,
        formulaire,
        lambda: services.ouvrir(cible=cible, par=request.user, **formulaire.cleaned_data),
        retour=_page(cible),
        succes=lambda p: f"Le partage est ouvert, {p} : le financeur le lit dès maintenant.",
        gabarit=gabarit,
        partages=services.tenus(cible, request.user),
        financeurs=services.financeurs_de(cible, timezone.localdate()),
        promesses=services.promesses(cible),
        ouvre=bool(droit),
        reserve=droit.motif,
        **contexte,
    )


@require_http_methods(["GET", "POST"])
def parcours_partages(request: Requete, pk: int) -> HttpResponse:
    """Ce qu'un ESMS ouvre au financeur, à qui, jusqu'à quand ; en ouvrir un."""
    parcours = get_object_or_404(Parcours.objects.visibles_par(request.user).select_related(*LUS), pk=pk)
    exiger(peut_lire_de_pres(request.user, parcours))
    return _saisir(request, parcours, "risques/parcours_partages.html", parcours=parcours)


@require_http_methods(["GET", "POST"])
def grappe_partages(request: Requete, pk: int) -> HttpResponse:
    """Ce que la grappe ouvre, et ce qu'ouvrent ses ESMS que le lecteur suit."""
    grappe = grappe_visible(request, pk)
    exiger(peut_lire_de_pres(request.user, grappe))
    ouvertures = services.des_esms(grappe, request.user)
    return _saisir(request, grappe, "risques/grappe_partages.html", grappe=grappe, des_esms=ouvertures)


@require_http_methods(["GET", "POST"])
def fermer(request: Requete, pk: int) -> HttpResponse:
    """Confirmer, puis fermer : l'effet est immédiat."""
    vus = PartageRisques.objects.visibles_par(request.user).select_related(
        "grappe", "parcours__esms__departement", "parcours__grappe", "ouvert_par", "revoque_par"
    )
    partage = get_object_or_404(vus, pk=pk)
    exiger(peut_partager(request.user, partage))
    if request.method == "POST":
        try:
            services.fermer(partage=partage, par=request.user)
        except Refus as refus:
            messages.warning(request, refus.motif)
        else:
            messages.success(request, f"Le partage est fermé, {partage} : le financeur n’y lit plus rien.")
        return redirect(_page(partage.rattache_a))
    contexte = {"partage": partage, "annuler_url": _page(partage.rattache_a)}
    return render(request, "risques/partage_fermer.html", contexte)
