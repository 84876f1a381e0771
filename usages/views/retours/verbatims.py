"""Les verbatims d'un ESMS : les lire, noter l'accord de qui les a dits."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from programme.models import Parcours
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.enums import Consentement
from usages.forms.retours_verbatims import VerbatimForm
from usages.models import Verbatim
from usages.permissions import peut_lire_usages, peut_tenir_les_verbatims
from usages.services.retours import verbatims as services


@require_safe
def du_parcours(request: Requete, pk: int) -> HttpResponse:
    """Les mots gardés de cet ESMS, qui les a dits (un rôle), où en est l'accord."""
    vus = Parcours.objects.visibles_par(request.user).select_related("esms__departement", "grappe")
    parcours = get_object_or_404(vus, pk=pk)
    exiger(peut_lire_usages(request.user, parcours))
    contexte = {
        "parcours": parcours,
        "verbatims": services.verbatims_de(parcours, request.user),
        "tient": bool(peut_tenir_les_verbatims(request.user, parcours)),
    }
    return render(request, "usages/parcours_verbatims.html", contexte)


def _page_de(verbatim: Verbatim) -> str:
    """Là où il se lit : les verbatims de sa visite, ou de son ESMS."""
    if verbatim.visite_id:
        return f"{reverse('usages:visite-verbatims', args=[verbatim.visite_id])}#verbatim-{verbatim.pk}"
    return f"{reverse('usages:parcours-verbatims', args=[verbatim.parcours_id])}#verbatim-{verbatim.pk}"


def _fait(verbatim: Verbatim) -> str:
    retire = Consentement.RETIRE in (verbatim.consentement, verbatim.accord_representant)
    return services.RETRAIT_FAIT if retire else f"Le verbatim est à jour. {verbatim.verdict.raison}"


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Corriger les mots tant que l'accord est à demander ; noter qui parle, les accords, leur refus, leur retrait."""
    lus = Verbatim.objects.visibles_par(request.user).pour_lecture().select_related("visite__etude")
    verbatim = get_object_or_404(lus, pk=pk)
    exiger(peut_tenir_les_verbatims(request.user, verbatim))
    formulaire = VerbatimForm(request.POST or None, verbatim=verbatim)

    def geste() -> Verbatim:
        lu: dict[str, Any] = {"texte": verbatim.texte} | formulaire.cleaned_data
        return services.modifier_verbatim(verbatim=verbatim, par=request.user, **lu)

    return saisir(
        request,
        formulaire,
        geste,
        retour=_page_de(verbatim),
        succes=_fait,
        relire=lambda: Verbatim.objects.get(pk=pk).jeton,
        gabarit="usages/verbatim_saisie.html",
        lu=services.avec_leurs_retours([verbatim])[0],
        visite=verbatim.visite,
    )
