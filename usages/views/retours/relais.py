"""Les relais d'un ESMS : qui, dans un service, recueille les retours et rapporte les réponses."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from formation.forms.profils import SansChamp
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.forms.retours import RelaisForm
from usages.models import Relais
from usages.permissions import peut_tenir_les_liens
from usages.services.retours import traitement as services
from usages.views.retours.tableau import parcours_lisible

RELAIS = "usages:parcours-relais"


@require_http_methods(["GET", "POST"])
def parcours_relais(request: Requete, pk: int) -> HttpResponse:
    """Les relais d'un ESMS ; POST : en nommer un de plus."""
    parcours = parcours_lisible(request, pk)
    tient = peut_tenir_les_liens(request.user, parcours)
    if request.method == "POST":
        exiger(tient)
    comptes = services.comptes_qui_lisent(parcours, timezone.localdate()) if tient else {}
    formulaire = RelaisForm(request.POST or None, parcours=parcours, comptes=comptes)
    return saisir(
        request,
        formulaire,
        lambda: services.nommer_relais(parcours=parcours, par=request.user, **formulaire.cleaned_data),
        retour=reverse(RELAIS, args=[pk]),
        succes=lambda relais: f"{relais.compte} est relais : {relais.unite or 'tout l’ESMS'}.",
        gabarit="usages/retour_relais.html",
        parcours=parcours,
        relais=Relais.objects.filter(parcours=parcours).pour_lecture().order_by("unite__ordre", "compte__nom", "pk"),
        tient=bool(tient),
    )


@require_http_methods(["GET", "POST"])
def retirer(request: Requete, pk: int) -> HttpResponse:
    """Retirer un relais ; ce qu'il a fait reste."""
    relais = get_object_or_404(Relais.objects.visibles_par(request.user).pour_lecture(), pk=pk)
    exiger(peut_tenir_les_liens(request.user, relais.parcours))
    page = reverse(RELAIS, args=[relais.parcours_id])
    return saisir(
        request,
        SansChamp(request.POST if request.method == "POST" else None),
        lambda: services.retirer_relais(relais=relais, par=request.user),
        retour=page,
        succes=f"{relais.compte} n'est plus relais.",
        gabarit="usages/retour_relais_retirer.html",
        parcours=relais.parcours,
        titre=f"Retirer {relais.compte} des relais",
        consequences=[
            "Son compte et ses autres rôles ne changent pas.",
            "Ce que ce relais a déjà fait des retours reste à son nom.",
        ],
        libelle="Retirer le relais",
        annuler_url=page,
    )
