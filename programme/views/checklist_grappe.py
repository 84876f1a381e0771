"""La checklist d'une grappe : où en sont les ESMS, action par action ; le modèle, ses versions."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from programme.calculs.budget_de_saisie import campagne_de
from programme.forms.checklist import LigneForm, PublierForm
from programme.models import Grappe, LigneChecklist, VersionChecklist
from programme.permissions import peut_lire_grille, peut_tenir_le_modele
from programme.services.checklist import lecture, modele, niveaux
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde
from programme.views.grappes import grappe_a_conduire
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir


@require_safe
def checklist_grappe(request: Requete, pk: int) -> HttpResponse:
    """Combien d'ESMS en sont où, pour chaque action ; où répondre une fois pour plusieurs."""
    grappe = get_object_or_404(Grappe.objects.visibles_par(request.user), pk=pk)
    exiger(peut_lire_grille(request.user, grappe))
    parcours = niveaux.parcours_de(grappe, "grappe", grappe, request.user)
    version, lignes = lecture.lignes_en_vigueur(grappe.pk)
    ogs, groupes = niveaux.cibles_de(parcours)
    checklists = lecture.lire_checklists(parcours).values()
    avancements = niveaux.avancement_de(checklists, lignes, timezone.localdate())
    contexte = {
        "grappe": grappe,
        "version": version,
        "nb_esms": len(parcours),
        "etapes": niveaux.par_etape(avancements, parcours),
        "tout": "tout" in request.GET,
        "ogs": ogs,
        "groupes": groupes,
        "tient_le_modele": bool(peut_tenir_le_modele(request.user, grappe)),
    }
    return render(request, "programme/checklist_grappe.html", contexte)


# --- le modèle -----------------------------------------------------------------------------------------------------


def _modele(grappe: Grappe) -> str:
    return reverse("programme:checklist-modele", args=[grappe.pk])


@require_http_methods(["GET", "POST"])
def checklist_modele(request: Requete, pk: int) -> HttpResponse:
    """Les versions du modèle ; le brouillon, ce qu'il change, et le publier."""
    grappe = grappe_a_conduire(request, pk)
    brouillon = modele.brouillon_de(grappe)
    if request.method == "POST" and request.POST.get("geste") in ("preparer", "abandonner"):
        return _preparer_ou_abandonner(request, grappe, brouillon)
    version, lignes = lecture.lignes_en_vigueur(grappe.pk)
    formulaire = PublierForm(request.POST or None)
    montrees = list(brouillon.lignes.all()) if brouillon else lignes
    contexte: dict[str, Any] = {
        "grappe": grappe,
        "version": version,
        "brouillon": brouillon,
        "lignes": montrees,
        "campagne": campagne_de(montrees),
        "ecarts": modele.differences_de(brouillon) if brouillon else None,
        "versions": VersionChecklist.objects.publiees().filter(grappe=grappe).order_by("-numero"),
        "libelles": {x.code: x.libelle for x in lignes},
    }
    return saisir(
        request,
        formulaire,
        lambda: modele.publier_version(
            version=_exiger_brouillon(brouillon), par=request.user, **formulaire.cleaned_data
        ),
        retour=_modele(grappe),
        succes=_en_mots,
        gabarit="programme/checklist_modele.html",
        **contexte,
    )


def _exiger_brouillon(brouillon: VersionChecklist | None) -> VersionChecklist:
    if brouillon is None:
        raise Refus("etat", "Aucune version n'est en préparation : commencez-en une.")
    return brouillon


def _preparer_ou_abandonner(request: Requete, grappe: Grappe, brouillon: VersionChecklist | None) -> HttpResponse:
    try:
        if request.POST["geste"] == "preparer":
            modele.preparer_version(grappe=grappe, par=request.user)
        else:
            modele.abandonner_version(version=_exiger_brouillon(brouillon), par=request.user)
            messages.success(request, "La version en préparation est abandonnée ; celle en vigueur n'a pas bougé.")
    except Refus as refus:
        messages.error(request, refus.motif)
    return redirect(_modele(grappe))


def _en_mots(ecarts: Any) -> str:
    nombres = [
        accorde(len(ecarts.ajoutees), "action ajoutée,actions ajoutées"),
        accorde(len(ecarts.retirees), "retirée,retirées"),
        accorde(len(ecarts.reformulees), "reformulée,reformulées"),
        accorde(len(ecarts.deplacees), "déplacée,déplacées"),
    ]
    return f"Version publiée : {', '.join(nombres)}. Aucune réponse n'est perdue."


@require_http_methods(["GET", "POST"])
def checklist_ligne(request: Requete, pk: int, code: str = "") -> HttpResponse:
    """Ajouter une action au brouillon, ou en corriger une."""
    grappe = grappe_a_conduire(request, pk)
    brouillon = get_object_or_404(VersionChecklist, grappe=grappe, publiee_le__isnull=True)
    ligne = get_object_or_404(LigneChecklist, version=brouillon, code=code) if code else None
    formulaire = LigneForm(request.POST or None, instance=ligne)
    return saisir(
        request,
        formulaire,
        lambda: modele.enregistrer_ligne(
            version=brouillon, par=request.user, ligne=ligne, **{"code": code, **formulaire.cleaned_data}
        ),
        retour=_modele(grappe),
        succes=lambda ecrite: f"« {ecrite} » : enregistré dans la version en préparation.",
        gabarit="programme/checklist_ligne.html",
        grappe=grappe,
        titre=ligne.libelle if ligne else "Ajouter une action",
    )


@require_POST
def checklist_retirer(request: Requete, pk: int, code: str) -> HttpResponse:
    """Retirer une action du brouillon ; les réponses données restent."""
    grappe = grappe_a_conduire(request, pk)
    ligne = get_object_or_404(LigneChecklist, version__grappe=grappe, version__publiee_le__isnull=True, code=code)
    try:
        modele.retirer_ligne(ligne=ligne, par=request.user)
    except Refus as refus:
        messages.error(request, refus.motif)
    else:
        messages.success(request, f"« {ligne} » est retirée de la version en préparation ; les réponses restent.")
    return redirect(_modele(grappe))
