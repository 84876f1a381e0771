"""Candidater au rôle de site pilote ; comparer les candidats d'une grappe, par typologie."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from programme import permissions
from programme.enums import EtatCandidature
from programme.forms.candidatures import CandidatureForm
from programme.models import Candidature, Parcours
from programme.services import candidatures as services
from programme.socle.versions import jeton
from programme.views.grappes import grappe_visible
from programme.views.lignes import parcours_a_preparer
from programme.views.passages import histoires_de
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir


@require_http_methods(["GET", "POST"])
def parcours_candidature(request: Requete, pk: int) -> HttpResponse:
    """Présenter l'ESMS, répondre aux critères, lire ce que Treille mesure."""
    parcours = parcours_a_preparer(request, pk)
    toutes = list(parcours.candidatures.select_related("presentee_par").prefetch_related("reponses"))
    attend = next((c for c in toutes if c.etat == EtatCandidature.PRESENTEE), None)
    droit = _droit(request, parcours, attend)
    if request.method == "POST":
        exiger(droit)
    formulaire = CandidatureForm(request.POST or None, candidature=attend, vu=_jeton(parcours))
    histoires = histoires_de(toutes)
    for candidature in toutes:
        candidature.parcours = parcours
    return saisir(
        request,
        formulaire,
        lambda: _ecrire(request, parcours, attend, formulaire),
        relire=lambda: _jeton(parcours),
        retour=reverse("programme:parcours-candidature", args=[pk]),
        succes=f"{parcours} : candidature {'complétée' if attend else 'présentée, le chef de projet répondra'}.",
        gabarit="programme/parcours_candidature.html",
        parcours=parcours,
        attend=attend,
        derniere=toutes[0] if toutes and not attend else None,
        histoires=[(c, histoires[c.pk]) for c in toutes],
        mesures=services.mesurer([parcours], timezone.localdate()).de(parcours),
        saisit=bool(droit) and (attend is not None or _peut_candidater(parcours)),
        dits=services.reponses_de(attend) if attend else [],
        ouvert=_peut_candidater(parcours),
    )


def _droit(request: Requete, parcours: Parcours, attend: Candidature | None) -> Any:
    """Présenter revient à la direction ou au chef de projet ; compléter, à qui saisit."""
    return (permissions.peut_saisir if attend else permissions.peut_candidater)(request.user, parcours)


def _peut_candidater(parcours: Parcours) -> bool:
    return parcours.etat in services.CANDIDATS and not parcours.est_pilote


def _jeton(parcours: Parcours) -> int:
    """La dernière écriture de la candidature qui attend ; 0 s'il n'y en a pas."""
    attend = parcours.candidatures.filter(etat=EtatCandidature.PRESENTEE).values("pk")
    return jeton(Candidature.history.filter(id__in=attend))


def _ecrire(request: Requete, parcours: Parcours, attend: Candidature | None, formulaire: CandidatureForm) -> Any:
    if attend:
        return services.completer(
            candidature=attend, par=request.user, vu=formulaire.version_vue(), **formulaire.valeurs()
        )
    return services.presenter(parcours=parcours, par=request.user, **formulaire.valeurs())


@require_GET
def candidature_detail(request: Requete, pk: int) -> HttpResponse:
    """Une candidature se lit sur la page de son ESMS."""
    candidature = get_object_or_404(Candidature.objects.visibles_par(request.user), pk=pk)
    return redirect("programme:parcours-candidature", pk=candidature.parcours_id)


@require_GET
def grappe_pilotes(request: Requete, pk: int) -> HttpResponse:
    """Les pilotes et les candidats, typologie par typologie, côte à côte."""
    grappe = grappe_visible(request, pk)
    exiger(permissions.peut_lire_grille(request.user, grappe))
    typologies, repondues = services.comparer(grappe, request.user, timezone.localdate())
    contexte = {
        "grappe": grappe,
        "typologies": [t for t in typologies if t.pilotes or t.candidats],
        "repondues": repondues,
        "nb_candidats": sum(len(t.candidats) for t in typologies),
        "nb_pilotes": sum(len(t.pilotes) for t in typologies),
        "sans_pilote": [t.nom for t in typologies if not t.pilotes],
        "conduit": bool(permissions.peut_conduire(request.user, grappe)),
        "entiere": permissions.voit_toute_la_grappe(request.user, grappe),
    }
    return render(request, "programme/grappe_pilotes.html", contexte)
