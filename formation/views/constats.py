"""Dire des personnes déjà formées, et s'en dédire."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from formation.enums import OrigineAcquis
from formation.forms.couverture import ConstatForm
from formation.models import Acquis
from formation.models.communs import parcours_geres
from formation.permissions import peut_gerer_professionnels
from formation.services import constats as services
from formation.views.couverture import parcours_lu
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir

PAGE = "formation:parcours-formation"
MONTRES = 100


@require_http_methods(["GET", "POST"])
def constater(request: Requete, pk: int) -> HttpResponse:
    """Cocher les personnes, les modules, dire le jour ; dessous, ce qui est déjà dit."""
    parcours = parcours_lu(request, pk)
    exiger(peut_gerer_professionnels(request.user, parcours))
    formulaire = ConstatForm(request.POST or None, parcours=parcours)
    d_ici = Acquis.objects.filter(module__grappe=parcours.grappe_id, professionnel__postes__parcours=parcours)
    dits = d_ici.filter(origine=OrigineAcquis.CONSTAT)
    lus = dits.select_related("professionnel", "module").order_by("-obtenu_le", "professionnel__tri", "module", "pk")
    return saisir(
        request,
        formulaire,
        lambda: services.constater(parcours=parcours, par=request.user, **formulaire.cleaned_data),
        retour=reverse(PAGE, args=[pk]),
        succes=lambda acquis: f"C'est noté : {accorde(len(acquis), 'formation déjà reçue,formations déjà reçues')}.",
        gabarit="formation/acquis_constater.html",
        parcours=parcours,
        dits=lus.distinct()[:MONTRES],
    )


@require_POST
def retirer(request: Requete, pk: int) -> HttpResponse:
    """Ôter un constat dit par erreur."""
    visibles = Acquis.objects.visibles_par(request.user).select_related("professionnel", "module")
    acquis = get_object_or_404(visibles, pk=pk)
    # D'une personne partagée, on ne défait que ce qui s'est dit dans la grappe où on la gère.
    geres = parcours_geres(request.user).filter(
        postes__professionnel=acquis.professionnel, grappe=acquis.module.grappe_id
    )
    parcours = geres.select_related("esms").order_by("pk").first()
    if parcours is None:
        raise Http404
    try:
        services.retirer(acquis=acquis, parcours=parcours, par=request.user)
    except Refus as refus:
        if refus.code == "droit":
            raise PermissionDenied(refus.motif) from refus
        messages.warning(request, refus.motif)
    else:
        messages.success(
            request, f"Retiré : {acquis.professionnel} n'est plus dite formée à « {acquis.module} » ce jour-là."
        )
    return redirect("formation:acquis-constater", pk=parcours.pk)
