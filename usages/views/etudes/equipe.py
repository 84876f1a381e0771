"""L'équipe d'une étude : qui en est, et ce qu'il y lit."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from formation.forms.profils import SansChamp
from programme.socle.erreurs import Refus
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.enums import RoleEtude
from usages.forms.etudes import EquipierForm, RoleForm
from usages.models import Equipier, Etude
from usages.services.etudes import etudes as services
from usages.views.etudes.etude import conduit, etude_visible, exiger_conduite

EQUIPE = "usages:etude-equipe"


@require_http_methods(["GET", "POST"])
def equipe(request: Requete, pk: int) -> HttpResponse:
    """Qui est de l'équipe ; POST : ajouter un compte, ou changer le rôle d'un équipier (`equipier`)."""
    etude = etude_visible(request, pk)
    if request.method == "POST":
        exiger_conduite(request, etude)
        if "equipier" in request.POST:
            return _changer_le_role(request, etude)
    formulaire = EquipierForm(request.POST or None)
    return saisir(
        request,
        formulaire,
        lambda: services.ajouter_equipier(etude=etude, par=request.user, **formulaire.cleaned_data),
        retour=reverse(EQUIPE, args=[pk]),
        succes=lambda e: f"{e.compte} est dans l'équipe : {e.get_role_display().lower()}.",
        gabarit="usages/etude_equipe.html",
        etude=etude,
        conduit=conduit(request, etude),
        equipe=etude.equipe.select_related("compte").order_by("pk"),
        roles=RoleEtude.choices,
    )


def _changer_le_role(request: Requete, etude: Etude) -> HttpResponse:
    formulaire = RoleForm(request.POST)
    if not formulaire.is_valid():
        messages.error(request, "Ce rôle n'existe pas : choisissez-en un dans la liste.")
        return redirect(EQUIPE, pk=etude.pk)
    equipier = get_object_or_404(etude.equipe.select_related("compte", "etude"), pk=formulaire.cleaned_data["equipier"])
    try:
        change = services.changer_le_role(equipier=equipier, role=formulaire.cleaned_data["role"], par=request.user)
    except Refus as refus:
        messages.error(request, refus.motif)
    else:
        messages.success(request, f"{change.compte} : {change.get_role_display().lower()}.")
    return redirect(EQUIPE, pk=etude.pk)


@require_http_methods(["GET", "POST"])
def retirer(request: Requete, pk: int) -> HttpResponse:
    """Retirer un compte de l'équipe ; ce qu'il a écrit reste."""
    siennes = Etude.objects.visibles_par(request.user).order_by().values("pk")
    equipiers = Equipier.objects.filter(etude__in=siennes).select_related("compte", "etude")
    equipier = get_object_or_404(equipiers, pk=pk)
    exiger_conduite(request, equipier.etude)
    page = reverse(EQUIPE, args=[equipier.etude_id])
    soi = equipier.compte_id == request.user.pk
    return saisir(
        request,
        SansChamp(request.POST if request.method == "POST" else None),
        lambda: services.retirer_equipier(equipier=equipier, par=request.user),
        retour=reverse("usages:etude-liste") if soi else page,
        succes=f"{equipier.compte} n'est plus dans l'équipe.",
        gabarit="usages/etude_confirmer.html",
        etude=equipier.etude,
        titre=f"Retirer {equipier.compte} de l’équipe",
        consequences=[
            "Son compte et ses autres rôles ne changent pas ; ce qu'il a écrit dans l'étude reste.",
            "Il ne lit plus rien de l'étude, sauf les monographies publiées.",
        ],
        libelle="Retirer de l’équipe",
        annuler_url=page,
    )
