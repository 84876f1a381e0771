"""Préparer l'ordre du jour d'une séance depuis ce qui demande à y passer."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gouvernance.forms.propositions import OrdreDuJourForm
from gouvernance.models import Point, Seance
from gouvernance.permissions import peut_tenir_seance
from gouvernance.services import propositions as services
from programme.socle.nombres import accorde
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir


@require_http_methods(["GET", "POST"])
def seance_propositions(request: Requete, pk: int) -> HttpResponse:
    """Ce que chaque app propose ; inscrire les points cochés, ou d'un geste (`geste=preparer`) tout ce qui presse."""
    seance = get_object_or_404(Seance.objects.visibles_par(request.user).pour_lecture(), pk=pk)
    exiger(peut_tenir_seance(request.user, seance))
    retour = reverse("gouvernance:seance-detail", args=[pk])
    if not seance.se_prepare:
        messages.warning(request, services.DEJA_OUVERTE)
        return redirect(retour)
    lues, tout = services.propositions_de(seance, par=request.user), request.POST.get("geste") == "preparer"
    formulaire = OrdreDuJourForm(_saisie(request, lues, tout), choix=lues.a_inscrire)
    return saisir(
        request,
        formulaire,
        lambda: services.inscrire(
            seance=seance, par=request.user, cles=None if tout else formulaire.cleaned_data["cles"]
        ),
        retour=retour,
        succes=_annonce,
        gabarit="gouvernance/seance_propositions.html",
        seance=seance,
        lues=lues,
        coches=formulaire.cochees(lues.pressees),
        depasse=max(0, lues.minutes_inscrites - seance.duree),
        reste=max(0, seance.duree - lues.minutes_inscrites),
        deborde=max(0, lues.minutes_inscrites + lues.minutes_pressees - seance.duree),
    )


def _saisie(request: Requete, lues: services.Propositions, tout: bool) -> QueryDict | None:
    """Ce qui est envoyé ; « tout inscrire » coche d'office ce qui presse."""
    if request.method != "POST":
        return None
    if not tout:
        return request.POST
    saisie = QueryDict(mutable=True)
    saisie.setlist("cles", [c.proposition.cle for c in lues.pressees])
    return saisie


def _annonce(points: list[Point]) -> str:
    minutes = sum(p.duree for p in points)
    quoi = f"« {points[0]} »" if len(points) == 1 else accorde(len(points), "point")
    return f"Inscrit à l’ordre du jour : {quoi}, {accorde(minutes, 'minute')}."
