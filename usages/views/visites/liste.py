"""Les visites d'une étude : la liste, en proposer une."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.enums import EtatEtude
from usages.forms.visites import ProposerForm
from usages.permissions import peut_conduire_l_etude
from usages.permissions.etudes import ETUDE_CLOSE
from usages.services.visites import choix, lecture
from usages.services.visites import gestes as services
from usages.views.visites.commun import DETAIL, LISTE, etude_vue


@require_safe
def etude_visites(request: Requete, pk: int) -> HttpResponse:
    """Où l'on va, quand, où l'on en est ; qui a refusé, et qui reste à choisir."""
    etude = etude_vue(request, pk)
    visites = lecture.visites_de(etude)
    conduit = bool(peut_conduire_l_etude(request.user, etude)) and etude.etat != EtatEtude.CLOSE
    contexte = {
        "etude": etude,
        "visites": visites,
        "conduit": conduit,
        "a_remplacer": lecture.a_remplacer(visites),
        "offertes": choix.offertes(etude) if conduit else [],
    }
    return render(request, "usages/visite_liste.html", contexte)


@require_http_methods(["GET", "POST"])
def proposer(request: Requete, pk: int) -> HttpResponse:
    """Choisir un ESMS de l'entonnoir, ou en chercher un (`?recherche=`), et dire ce qu'on vient y voir."""
    etude = etude_vue(request, pk)
    exiger(peut_conduire_l_etude(request.user, etude))
    if etude.etat == EtatEtude.CLOSE:
        raise PermissionDenied(ETUDE_CLOSE)
    recherche = request.GET.get("recherche", "")
    retenues = choix.offertes(etude)
    trouvees = choix.chercher(etude, recherche, request.user)
    offertes = {p.pk: p for p in [*retenues, *trouvees]}
    formulaire = ProposerForm(
        request.POST or None, offertes=list(offertes.values()), initial={"parcours": request.GET.get("parcours", "")}
    )
    return saisir(
        request,
        formulaire,
        lambda: services.proposer_visite(etude=etude, par=request.user, **formulaire.valeurs()),
        retour=reverse(LISTE, args=[pk]),
        vers=lambda visite: reverse(DETAIL, args=[visite.pk]),
        succes=lambda visite: f"La visite de {visite.parcours} est proposée : sa direction répondra dans Treille.",
        gabarit="usages/visite_proposer.html",
        etude=etude,
        recherche=recherche,
        offertes=offertes,
        retenues=len(retenues),
    )
