"""Une évaluation : qui la remplit, ce qu'elle dit, ce qu'on en retient ensemble."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe

from programme.contexte import oublier_le_compte
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde
from programme.views.refus import exiger, tenter
from programme.views.requete import Requete
from risques.forms.evaluations import ConsensusForm, DesignerForm, ReunionForm
from risques.models import Evaluation, Grille
from risques.permissions import peut_conduire_evaluation
from risques.services import evaluations as services
from risques.services import lecture_evaluations as lecture

DESIGNER = "risques:evaluation-designer"
CONSENSUS = "risques:evaluation-consensus"


def evaluation_visible(request: Requete, pk: int) -> Evaluation:
    """L'évaluation, ou 404 pour qui ne la voit pas."""
    return get_object_or_404(Evaluation.objects.visibles_par(request.user).pour_lecture(), pk=pk)


def _a_conduire(request: Requete, pk: int) -> Evaluation:
    evaluation = evaluation_visible(request, pk)
    exiger(peut_conduire_evaluation(request.user, evaluation))
    return evaluation


@require_safe
def detail(request: Requete, pk: int) -> HttpResponse:
    """Ce que dit une évaluation : les écarts d'abord, la moyenne ensuite, puis ce qu'on a retenu ensemble."""
    evaluation = evaluation_visible(request, pk)
    page = lecture.page_de(evaluation, request.user, timezone.localdate(), toutes="toutes" in request.GET)
    return render(request, "risques/evaluation_detail.html", {"evaluation": evaluation, "page": page})


# --- désigner --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def designer(request: Requete, pk: int) -> HttpResponse:
    """Qui évalue : ajouter quelqu'un, ouvrir une réunion, retirer qui n'a pas commencé."""
    evaluation = _a_conduire(request, pk)
    geste = request.POST.get("geste", "")
    if geste == "retirer":
        return _retirer(request, evaluation)
    au, sections = timezone.localdate(), services.sections_posees(evaluation)
    comptes, tous = services.comptes_a_designer(evaluation, au), services.comptes_qui_voient(evaluation, au)
    personne = DesignerForm(request.POST if geste == "designer" else None, comptes=comptes, sections=sections)
    reunion = ReunionForm(request.POST if geste == "reunion" else None, comptes=tous, prefix="reunion")
    grille: Any = None
    if personne.is_bound and personne.is_valid():
        grille = tenter(
            personne, lambda: services.designer(evaluation=evaluation, par=request.user, **personne.champs())
        )
    elif reunion.is_bound and reunion.is_valid():
        grille = tenter(
            reunion, lambda: services.ouvrir_reunion(evaluation=evaluation, par=request.user, **reunion.cleaned_data)
        )
    if grille:
        messages.success(request, _annonce(grille, request.user))
        return oublier_le_compte(redirect(DESIGNER, pk=pk))
    return _montrer(request, evaluation, sections, personne, reunion)


def _annonce(grille: Grille, par: Any) -> str:
    if grille.nature == "reunion":
        dit = f"Une grille est ouverte pour répondre en réunion ; {grille.evaluateur} tient la plume."
        if not (grille.est_a_remplir and grille.evaluateur_id == par.pk):
            return dit
        page = reverse("risques:grille-detail", args=[grille.pk])
        return format_html('{} <a href="{}">Répondre maintenant</a>', dit, page)
    return f"{grille.evaluateur} est désigné : {grille.get_regard_display().lower()}."


def _montrer(request: Requete, evaluation: Evaluation, sections: Any, personne: Any, reunion: Any) -> HttpResponse:
    grilles = list(evaluation.grilles.demandees().select_related("evaluateur").prefetch_related("sections"))
    contexte = {
        "evaluation": evaluation,
        "grilles": grilles,
        "sections": sections,
        "sans_personne": services.sections_sans_personne(grilles, sections) if grilles else [],
        "personne": personne,
        "reunion": None if any(g.nature == "reunion" for g in grilles) else reunion,
        "deja_lues": evaluation.grilles.deja_lues().exists(),
        "close": evaluation.campagne.etat == "close",
    }
    status = 422 if personne.errors or reunion.errors else 200
    return render(request, "risques/evaluation_designer.html", contexte, status=status)


def _retirer(request: Requete, evaluation: Evaluation) -> HttpResponse:
    cle = request.POST.get("grille", "")
    siennes = evaluation.grilles.demandees().select_related("evaluateur", "evaluation__campagne__grappe")
    grille = get_object_or_404(siennes, pk=int(cle) if cle.isdecimal() and len(cle) < 19 else 0)
    try:
        services.retirer(grille=grille, par=request.user)
    except Refus as refus:
        messages.error(request, refus.motif)
    else:
        messages.success(request, f"{grille.evaluateur} n'est plus sollicité.")
    return oublier_le_compte(redirect(DESIGNER, pk=evaluation.pk))


# --- le consensus ----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def consensus(request: Requete, pk: int) -> HttpResponse:
    """Ouvrir le consensus, vide ; y reprendre, sur demande, les réponses que tous ont données."""
    evaluation = _a_conduire(request, pk)
    if request.POST.get("geste") == "reprendre":
        return _reprendre(request, evaluation)
    lu = lecture.avant_consensus(evaluation, request.user)
    formulaire = ConsensusForm(request.POST or None, suffit=lu.accord.suffit)
    if request.method == "POST" and formulaire.is_valid():
        grille = tenter(
            formulaire,
            lambda: services.ouvrir_consensus(evaluation=evaluation, par=request.user, **formulaire.cleaned_data),
        )
        if grille:
            messages.success(request, "Le consensus est ouvert, vide : consignez ce que vous retenez ensemble.")
            return oublier_le_compte(redirect(CONSENSUS, pk=pk))
    status = 422 if formulaire.errors else 200
    contexte = {"evaluation": evaluation, "lu": lu, "formulaire": formulaire}
    return render(request, "risques/evaluation_consensus.html", contexte, status=status)


def _reprendre(request: Requete, evaluation: Evaluation) -> HttpResponse:
    grille = get_object_or_404(evaluation.grilles.filter(nature="consensus"))
    try:
        ecrites = services.reprendre_notes_communes(grille=grille, par=request.user)
    except Refus as refus:
        messages.error(request, refus.motif)
    else:
        messages.success(request, f"{accorde(len(ecrites), 'réponse commune reprise,réponses communes reprises')}.")
    return oublier_le_compte(redirect(CONSENSUS, pk=evaluation.pk))
