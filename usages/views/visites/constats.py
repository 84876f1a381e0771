"""Les constats d'une visite : les lire, en écrire, les redire, les retirer."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from formation.forms.profils import SansChamp
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.forms.constats import ConstatForm
from usages.models import Constat
from usages.permissions import peut_ecrire_dans_l_etude
from usages.services.visites import constats as services
from usages.services.visites.verbatims import RECUEILLENT
from usages.views.visites.commun import visite_lue

LISTE = "usages:visite-constats"


@require_http_methods(["GET", "POST"])
def liste(request: Requete, pk: int) -> HttpResponse:
    """Ce qu'on a constaté ; en écrire un de plus."""
    visite = visite_lue(request, pk)
    ecrit = peut_ecrire_dans_l_etude(request.user, visite)
    if request.method == "POST":
        exiger(ecrit)
    formulaire = ConstatForm(request.POST or None, visite=visite, proposes=services.libelles_de(visite.etude))
    return saisir(
        request,
        formulaire,
        lambda: services.ecrire_constat(visite=visite, par=request.user, **formulaire.cleaned_data),
        retour=reverse(LISTE, args=[pk]),
        succes=lambda constat: f"« {constat} » est écrit.",
        gabarit="usages/visite_constats.html",
        visite=visite,
        constats=services.constats_de(visite),
        ecrit=bool(ecrit),
        ouverte=visite.etat in RECUEILLENT,
    )


def _constat(request: Requete, pk: int) -> Constat:
    """Le constat ; 404 hors de l'équipe, 403 pour qui n'y écrit pas."""
    constat = get_object_or_404(Constat.objects.visibles_par(request.user).pour_lecture(), pk=pk)
    exiger(peut_ecrire_dans_l_etude(request.user, constat))
    return constat


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Redire un constat ; codé, seul ce dont il se rapproche change."""
    constat = _constat(request, pk)
    proposes = services.libelles_de(constat.visite.etude, sauf=constat)
    formulaire = ConstatForm(request.POST or None, visite=constat.visite, proposes=proposes, constat=constat)
    return saisir(
        request,
        formulaire,
        lambda: services.modifier_constat(constat=constat, par=request.user, **formulaire.cleaned_data),
        retour=f"{reverse(LISTE, args=[constat.visite_id])}#constat-{pk}",
        succes="Le constat est à jour.",
        gabarit="usages/constat_saisie.html",
        constat=constat,
        visite=constat.visite,
    )


@require_http_methods(["GET", "POST"])
def retirer(request: Requete, pk: int) -> HttpResponse:
    """Retirer un constat que personne n'a codé."""
    constat = _constat(request, pk)
    page = reverse(LISTE, args=[constat.visite_id])
    return saisir(
        request,
        SansChamp(request.POST if request.method == "POST" else None),
        lambda: services.retirer_constat(constat=constat, par=request.user),
        retour=page,
        succes="Le constat est retiré.",
        gabarit="usages/constat_retirer.html",
        visite=constat.visite,
        titre=f"Retirer « {constat} »",
        consequences=["Le verbatim et la note à l'appui restent.", "Personne ne pourra plus le coder."],
        libelle="Retirer le constat",
        annuler_url=page,
    )
