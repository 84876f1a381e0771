"""Les objectifs de départ, et le bilan qui les met face aux faits."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from formation.forms.changement import BilanForm, ObjectifForm
from formation.models import BilanChangement, Objectif
from formation.permissions import peut_lire_formation, peut_saisir_formation
from formation.services import bilans as services
from formation.views.changement import cible_a_ecrire, page_du_plan, parcours_a_lire, saisie_du_plan
from programme.socle.versions import jeton
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir

# --- les objectifs -------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def objectif_creer(request: Requete, parcours: int | None = None, grappe: int | None = None) -> HttpResponse:
    """Poser un objectif de départ, et le fait qui dira s'il est atteint."""
    cible = cible_a_ecrire(request, parcours, grappe)
    formulaire = ObjectifForm(request.POST or None, objectif=None)
    return saisir(
        request,
        formulaire,
        lambda: services.creer_objectif(cible=cible, par=request.user, **formulaire.champs()),
        retour=page_du_plan(cible) + "#objectifs",
        succes=lambda objectif: f"L’objectif « {objectif} » est posé, pour {cible}.",
        **saisie_du_plan(cible, "Poser un objectif de départ", "Poser l’objectif"),
    )


def _objectif(request: Requete, pk: int) -> Objectif:
    """L'objectif, pour qui peut l'écrire ; sinon 404 ou 403."""
    lus = Objectif.objects.visibles_par(request.user).select_related("grappe", "parcours__esms__departement")
    objectif = get_object_or_404(lus.select_related("parcours__grappe", "parcours__esms__departement"), pk=pk)
    exiger(peut_saisir_formation(request.user, objectif))
    return objectif


@require_http_methods(["GET", "POST"])
def objectif_modifier(request: Requete, pk: int) -> HttpResponse:
    """Corriger un objectif, ou dire ce qu'il est devenu."""
    objectif = _objectif(request, pk)
    histoire, cible = Objectif.history.filter(id=pk), objectif.rattache_a
    formulaire = ObjectifForm(request.POST or None, objectif=objectif, initial={"vu": jeton(histoire)})
    return saisir(
        request,
        formulaire,
        lambda: services.modifier_objectif(
            objectif=objectif, par=request.user, vu=formulaire.version_vue(), **formulaire.champs()
        ),
        retour=page_du_plan(cible) + "#objectifs",
        succes=lambda ecrit: f"L’objectif « {ecrit} » est à jour.",
        relire=lambda: jeton(histoire),
        objectif=objectif,
        **saisie_du_plan(cible, f"Modifier « {objectif} »", "Enregistrer l’objectif"),
    )


@require_POST
def objectif_retirer(request: Requete, pk: int) -> HttpResponse:
    """Retirer un objectif posé par erreur."""
    objectif = _objectif(request, pk)
    intitule, cible = str(objectif), objectif.rattache_a
    services.retirer_objectif(objectif=objectif, par=request.user)
    suite = "Les bilans déjà arrêtés gardent ce qu’ils en disaient."
    messages.success(request, f"L’objectif « {intitule} » est retiré. {suite}")
    return redirect(page_du_plan(cible) + "#objectifs")


# --- le bilan ------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def parcours_bilan(request: Requete, pk: int) -> HttpResponse:
    """Chaque objectif face au fait qui le mesure, aujourd'hui ; l'arrêter le fige."""
    parcours, au = parcours_a_lire(request, pk), timezone.localdate()
    droit = peut_saisir_formation(request.user, parcours)
    if request.method == "POST":
        exiger(droit)
    formulaire = BilanForm(request.POST if request.method == "POST" else None)
    objectifs = services.objectifs_de(parcours, request.user)
    return saisir(
        request,
        formulaire,
        lambda: services.arreter(parcours=parcours, par=request.user, **formulaire.cleaned_data),
        retour=page_du_plan(parcours),
        vers=lambda bilan: reverse("formation:bilan-detail", args=[bilan.pk]),
        succes=lambda bilan: f"Le bilan est arrêté au {bilan.arrete_le:%d/%m/%Y}, {parcours}. Il ne change plus.",
        gabarit="formation/parcours_bilan.html",
        parcours=parcours,
        lus=services.face_aux_faits(parcours, objectifs, au),
        bilans=services.bilans_de(parcours),
        aujourdhui=au,
        droit=droit,
        plan_url=page_du_plan(parcours),
    )


@require_safe
def bilan_detail(request: Requete, pk: int) -> HttpResponse:
    """Un bilan arrêté : les chiffres de ce jour-là, et ce qu'on en a retenu."""
    lus = BilanChangement.objects.visibles_par(request.user)
    bilan = get_object_or_404(lus.select_related("parcours__esms", "parcours__grappe", "arrete_par"), pk=pk)
    exiger(peut_lire_formation(request.user, bilan))
    contexte = {
        "bilan": bilan,
        "parcours": bilan.parcours,
        "lus": services.relire(bilan),
        "intact": services.est_intact(bilan),
        "bilan_url": reverse("formation:parcours-bilan", args=[bilan.parcours_id]),
    }
    return render(request, "formation/bilan_detail.html", contexte)
