"""Tirer d'un retour une action, un risque, une demande, un point, un enseignement, une formation, un verbatim."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.enums import NatureSuite
from usages.forms.retours_suites import formulaire_de
from usages.models import Retour
from usages.permissions import peut_donner_suite
from usages.services.retours import suites as services
from usages.services.retours.natures import SORTES

GABARIT = "usages/retour_suite.html"


def _retour(request: Requete, pk: int) -> Retour:
    """Le retour, ou 404 pour qui ne le lit pas."""
    lus = Retour.objects.visibles_par(request.user).pour_lecture().select_related("parcours__solution")
    return get_object_or_404(lus, pk=pk)


@require_http_methods(["GET", "POST"])
def creer(request: Requete, pk: int, nature: str) -> HttpResponse:
    """Le formulaire de l'objet, déjà rempli ; écrit, on revient au retour, qui dit ce qu'il est devenu."""
    retour = _retour(request, pk)
    if nature not in NatureSuite.values:
        raise Http404
    exiger(peut_donner_suite(request.user, retour, nature))
    sorte, page = SORTES[nature], reverse("usages:retour-detail", args=[pk])
    deja = [s for s in services.suites_de(retour, request.user) if s.suite.nature == nature]
    contexte: dict[str, Any] = {"r": retour, "sorte": sorte, "deja": deja}
    formulaire = formulaire_de(nature, request.POST or None, retour=retour, par=request.user)
    if formulaire is None:
        return render(request, GABARIT, contexte | {"retour": page})
    return saisir(
        request,
        formulaire,
        lambda: services.donner_suite(
            retour=retour, en=nature, par=request.user, vues=formulaire.version_vue(), **formulaire.champs()
        ),
        retour=page,
        succes=sorte.fait,
        relire=lambda: services.combien(retour, nature),
        gabarit=GABARIT,
        **contexte,
    )
