"""Conduire une grappe : vagues de déploiement, VA et VSR, sévérité des conditions."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from programme.forms.grappes import MiseEnVagueForm, ReglagesForm, VagueForm, VerificationForm
from programme.models import Vague, Verification
from programme.services import conduite as services
from programme.services.capacite import depassees
from programme.services.lecture_grappe import lire_vagues
from programme.services.tableau import lire_parcours
from programme.socle.nombres import accorde
from programme.views.grappes import grappe_a_conduire, parcours_visibles
from programme.views.requete import Requete
from programme.views.saisies import saisir


@require_http_methods(["GET", "POST"])
def vagues(request: Requete, pk: int) -> HttpResponse:
    """Les vagues, et quel ESMS part avec laquelle."""
    grappe = grappe_a_conduire(request, pk)
    visibles = parcours_visibles(request, grappe)
    lecture = lire_parcours(visibles.en_cours(), request.user)
    formulaire = MiseEnVagueForm(request.POST or None, grappe=grappe, visibles=visibles)
    return saisir(
        request,
        formulaire,
        lambda: _ranger(request, formulaire.cleaned_data),
        retour=reverse("programme:grappe-vagues", args=[pk]),
        succes=lambda nb: (
            f"{accorde(nb, 'ESMS rangé,ESMS rangés')} : {formulaire.cleaned_data['vague'] or 'hors vague'}."
        ),
        gabarit="programme/vague_liste.html",
        grappe=grappe,
        lecture=lecture,
        coches={p.pk for p in visibles if str(p.pk) in request.POST.getlist("parcours")},
        vagues=lire_vagues(grappe, lecture),
    )


def _ranger(request: Requete, valeurs: dict[str, Any]) -> int:
    nombre = services.mettre_en_vague(par=request.user, **valeurs)
    for phrase in depassees([valeurs["vague"]], request.user) if nombre else ():
        messages.warning(request, phrase)
    return nombre


@require_http_methods(["GET", "POST"])
def vague(request: Requete, pk: int, vague: int | None = None) -> HttpResponse:
    """Créer ou modifier une vague de déploiement."""
    grappe = grappe_a_conduire(request, pk)
    existante = get_object_or_404(Vague, pk=vague, grappe=grappe) if vague else None
    suivant = (grappe.vagues.values_list("numero", flat=True).last() or 0) + 1
    formulaire = VagueForm(
        request.POST or None,
        instance=get_object_or_404(Vague, pk=vague) if vague else Vague(grappe=grappe),
        initial={} if vague else {"numero": suivant},
    )
    return saisir(
        request,
        formulaire,
        lambda: services.enregistrer_vague(par=request.user, grappe=grappe, vague=existante, **formulaire.cleaned_data),
        retour=reverse("programme:grappe-vagues", args=[pk]),
        succes=lambda ecrite: f"La {ecrite} est enregistrée.",
        gabarit="programme/vague_modifier.html",
        grappe=grappe,
        vague=existante,
    )


@require_http_methods(["GET", "POST"])
def verifications(request: Requete, pk: int) -> HttpResponse:
    """Consigner une VA ou une VSR, et relire celles qui le sont."""
    grappe = grappe_a_conduire(request, pk)
    visibles = parcours_visibles(request, grappe).select_related("esms__og")
    formulaire = VerificationForm(request.POST or None, visibles=visibles)
    consignees = Verification.objects.visibles_par(request.user).filter(grappe=grappe)
    return saisir(
        request,
        formulaire,
        lambda: services.consigner_verification(grappe=grappe, par=request.user, **formulaire.champs()),
        retour=reverse("programme:grappe-verifications", args=[pk]),
        succes=lambda v: f"{v}, le {v.prononcee_le:%d/%m/%Y}.",
        gabarit="programme/verification_liste.html",
        grappe=grappe,
        verifications=consignees.select_related("og", "parcours__esms"),
    )


@require_http_methods(["GET", "POST"])
def conditions(request: Requete, pk: int) -> HttpResponse:
    """Sévérité de chaque condition dans la grappe ; les légales se voient, verrouillées."""
    grappe = grappe_a_conduire(request, pk)
    formulaire = ReglagesForm(request.POST or None, grappe=grappe)
    return saisir(
        request,
        formulaire,
        lambda: services.regler_conditions(grappe=grappe, par=request.user, reglages=formulaire.cleaned_data),
        retour=reverse("programme:grappe-conditions", args=[pk]),
        succes=lambda nb: f"{accorde(nb, 'condition changée,conditions changées')} dans « {grappe} ».",
        gabarit="programme/reglage_modifier.html",
        grappe=grappe,
    )
