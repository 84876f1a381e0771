"""Le financement d'une grappe : la page, la convention, les avenants."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from programme.contexte import oublier_le_compte
from programme.forms.financement import AvenantForm, ConventionForm, EsmsDAvenantForm, prochain_numero
from programme.models import Avenant, Convention
from programme.permissions import peut_conduire, peut_lire_financement
from programme.services import financement as services
from programme.services import lecture_financement as lecture
from programme.socle.nombres import accorde
from programme.socle.versions import jeton
from programme.views.grappes import grappe_a_conduire, grappe_visible, parcours_visibles
from programme.views.refus import exiger, tenter
from programme.views.requete import Requete
from programme.views.saisies import avertir, saisir


def page_de(grappe_pk: int) -> str:
    """La page de financement d'une grappe."""
    return reverse("programme:grappe-financement", args=[grappe_pk])


@require_GET
def detail(request: Requete, pk: int) -> HttpResponse:
    """Où en sont l'aide, les jalons, les avenants, et ce que le financeur en voit."""
    grappe = grappe_visible(request, pk)
    exiger(peut_lire_financement(request.user, grappe))
    conduit = bool(peut_conduire(request.user, grappe))
    lu = lecture.lire_financement(grappe, request.user, timezone.localdate())
    contexte = {
        "grappe": grappe,
        "f": lu,
        "figures": lecture.figures(lu),
        "avenants": [(a, [s for s in lecture.suites_de(a) if not s.fait] if conduit else []) for a in lu.avenants],
        "conduit": conduit,
        "confiance": lecture.ce_que_voit_le_financeur(request.user, grappe),
    }
    return render(request, "programme/financement_detail.html", contexte)


@require_http_methods(["GET", "POST"])
def convention(request: Requete, pk: int) -> HttpResponse:
    """Enregistrer la convention, ou la modifier."""
    grappe = grappe_a_conduire(request, pk)
    existante = Convention.objects.filter(grappe=grappe).select_related("instruction").first()
    histoire = Convention.history.filter(grappe=grappe)
    depart = {"vu": jeton(histoire)}
    formulaire = ConventionForm(request.POST or None, convention=existante, initial=depart)
    return saisir(
        request,
        formulaire,
        lambda: services.enregistrer_convention(
            grappe=grappe, par=request.user, vu=formulaire.version_vue(), **formulaire.champs()
        ),
        retour=page_de(pk),
        succes=lambda ecrite: f"La {ecrite} est enregistrée.",
        relire=lambda: jeton(histoire),
        gabarit="programme/financement_convention.html",
        grappe=grappe,
        convention=existante,
    )


def convention_a_conduire(request: Requete, pk: int) -> Convention:
    """La convention de la grappe : 404 hors périmètre ou sans convention, 403 sans le droit."""
    grappe = grappe_a_conduire(request, pk)
    return get_object_or_404(Convention.objects.select_related("grappe"), grappe=grappe)


@require_http_methods(["GET", "POST"])
def avenant_creer(request: Requete, pk: int) -> HttpResponse:
    """Consigner un avenant ; sa page dira ce qui reste à faire."""
    convention = convention_a_conduire(request, pk)
    parcours = parcours_visibles(request, convention.grappe).dans_le_projet().select_related("esms")
    depart = {"numero": prochain_numero(convention), "nature": request.GET.get("nature")}
    formulaire = AvenantForm(request.POST or None, parcours=parcours, initial=depart)
    if formulaire.is_valid():
        champs = formulaire.champs()
        geste = {"convention": convention, "par": request.user} | champs
        if avenant := tenter(formulaire, lambda: services.consigner_avenant(**geste)):
            avertir(request, formulaire)
            messages.success(request, f"L'{avenant} est consigné. Voici ce qui reste à faire.")
            return oublier_le_compte(redirect("programme:avenant-detail", pk=avenant.pk))
    contexte = {"grappe": convention.grappe, "formulaire": formulaire, "retour": page_de(pk)}
    statut = 422 if formulaire.errors else 200
    return render(request, "programme/financement_avenant_creer.html", contexte, status=statut)


@require_http_methods(["GET", "POST"])
def avenant_detail(request: Requete, pk: int) -> HttpResponse:
    """Un avenant, ce qui reste à faire après lui, et les ESMS qu'il nomme."""
    visibles = Avenant.objects.visibles_par(request.user).select_related(
        "convention__grappe__solution", "solution__editeur", "saisi_par"
    )
    avenant = get_object_or_404(visibles.prefetch_related("parcours__esms"), pk=pk)
    grappe = avenant.convention.grappe
    peut = peut_conduire(request.user, avenant)
    if request.method == "POST":
        exiger(peut)
    parcours = parcours_visibles(request, grappe).select_related("esms").order_by("esms__tri")
    formulaire = EsmsDAvenantForm(request.POST or None, avenant=avenant, parcours=parcours)
    return saisir(
        request,
        formulaire,
        lambda: services.nommer_esms(avenant=avenant, parcours=formulaire.choisis(), par=request.user),
        retour=reverse("programme:avenant-detail", args=[pk]),
        succes=lambda nb: f"L'avenant {avenant.numero} nomme {accorde(nb, 'ESMS,ESMS')}.",
        gabarit="programme/financement_avenant.html",
        avenant=avenant,
        grappe=grappe,
        suites=lecture.suites_de(avenant) if peut else [],
        nommes=[p for p in avenant.parcours.all() if p.pk in formulaire.dans_la_grappe],
        conduit=bool(peut),
    )
