"""Les versions d'une solution et sa feuille de route ; les montées de version des ESMS."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from programme.models import Parcours, Solution
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde
from programme.socle.versions import jeton
from programme.views.grappes import grappe_visible
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.forms.versions import MonteeForm, MonteesForm, VersionForm
from usages.models import MonteeDeVersion, VersionSolution
from usages.permissions import peut_lire_usages, peut_noter_une_montee, peut_tenir_les_versions
from usages.services.editeurs import lecture_versions as lecture
from usages.services.editeurs import versions as services

SOLUTION, PARCOURS = "usages:solution-versions", "usages:parcours-versions"
SAISIE = "usages/version_saisie.html"


# --- les versions d'une solution -----------------------------------------------------------------------------------


def _solution(pk: int) -> Solution:
    return get_object_or_404(Solution.objects.select_related("editeur"), pk=pk)


@require_safe
def solution_versions(request: Requete, pk: int) -> HttpResponse:
    """La feuille de route d'une solution, et ce qui en est sorti : ouvert à tout connecté."""
    solution, vues = _solution(pk), VersionSolution.objects.visibles_par(request.user)
    versions = list(vues.filter(solution=solution).select_related("solution"))
    contexte = {
        "solution": solution,
        "annoncees": [v for v in versions if v.sortie_le is None],
        "sorties": [v for v in versions if v.sortie_le is not None],
        "tient": bool(peut_tenir_les_versions(request.user)),
    }
    return render(request, "usages/solution_versions.html", contexte)


@require_http_methods(["GET", "POST"])
def version_creer(request: Requete, pk: int) -> HttpResponse:
    """Ajouter une version à la feuille de route."""
    solution = _solution(pk)
    exiger(peut_tenir_les_versions(request.user))
    formulaire = VersionForm(request.POST or None)
    return saisir(
        request,
        formulaire,
        lambda: services.enregistrer_version(solution=solution, par=request.user, **formulaire.champs()),
        retour=reverse(SOLUTION, args=[pk]),
        succes=lambda version: f"« {version} » est ajoutée.",
        gabarit=SAISIE,
        solution=solution,
        titre="Ajouter une version",
        libelle="Ajouter la version",
    )


@require_http_methods(["GET", "POST"])
def version_modifier(request: Requete, pk: int) -> HttpResponse:
    """Dater la sortie d'une version, corriger ce qu'elle annonce."""
    vues = VersionSolution.objects.visibles_par(request.user).select_related("solution__editeur")
    version = get_object_or_404(vues, pk=pk)
    exiger(peut_tenir_les_versions(request.user))
    histoire = VersionSolution.history.filter(id=pk)
    formulaire = VersionForm(request.POST or None, version=version, initial={"vu": jeton(histoire)})
    return saisir(
        request,
        formulaire,
        lambda: services.enregistrer_version(
            solution=version.solution,
            version=version,
            par=request.user,
            vu=formulaire.version_vue(),
            **formulaire.champs(),
        ),
        retour=reverse(SOLUTION, args=[version.solution_id]),
        succes=lambda ecrite: f"« {ecrite} » est à jour.",
        relire=lambda: jeton(histoire),
        gabarit=SAISIE,
        solution=version.solution,
        version=version,
        titre="Modifier la version",
        libelle="Enregistrer la version",
    )


# --- les montées de version ----------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def grappe_montees(request: Requete, pk: int, version: int) -> HttpResponse:
    """Prévoir, ou dire faite, la même montée pour plusieurs ESMS ; `?parcours=` : celui d'où l'on vient, déjà coché."""
    grappe = grappe_visible(request, pk)
    exiger(peut_lire_usages(request.user, grappe))
    vise = get_object_or_404(VersionSolution.objects.visibles_par(request.user).select_related("solution"), pk=version)
    tenus = lecture.esms_tenus(grappe, vise, request.user)
    d_un_esms = [p.pk for p, _ in tenus if str(p.pk) == request.GET.get("parcours")]
    recus = request.POST if request.method == "POST" else None
    formulaire = MonteesForm(recus, choix=tenus, initial={"parcours": d_un_esms})
    retour = (PARCOURS, d_un_esms) if d_un_esms else ("usages:grappe-editeur", [pk, vise.solution.editeur_id])
    return saisir(
        request,
        formulaire,
        lambda: _noter(request, vise, formulaire, {p.pk: p for p, _ in tenus}),
        retour=reverse(retour[0], args=retour[1]),
        succes=lambda n: f"{accorde(n.creees + n.changees, 'montée notée,montées notées')} pour « {vise} ».",
        gabarit="usages/montees_saisie.html",
        grappe=grappe,
        version=vise,
        rien=not tenus,
    )


def _noter(
    request: Requete, version: VersionSolution, formulaire: MonteesForm, tenus: dict[int, Parcours]
) -> services.Notees:
    lu = dict(formulaire.cleaned_data)
    coches = [tenus[cle] for cle in lu.pop("parcours")]
    return services.noter_montees(version=version, parcours=coches, par=request.user, **lu)


@require_safe
def parcours_versions(request: Requete, pk: int) -> HttpResponse:
    """Les montées de version d'un ESMS : ce qui est prévu, ce qui est fait, ce que l'éditeur annonce."""
    lus = Parcours.objects.visibles_par(request.user)
    parcours = get_object_or_404(lus.select_related("esms__departement", "grappe", "solution__editeur"), pk=pk)
    exiger(peut_lire_usages(request.user, parcours))
    contexte = {
        "parcours": parcours,
        "lu": lecture.versions_de(parcours),
        "tient": bool(peut_noter_une_montee(request.user, parcours)),
    }
    return render(request, "usages/parcours_versions.html", contexte)


def _montee(request: Requete, pk: int) -> MonteeDeVersion:
    vues = MonteeDeVersion.objects.visibles_par(request.user).pour_lecture()
    montee = get_object_or_404(vues.select_related("parcours__grappe", "parcours__esms__departement"), pk=pk)
    exiger(peut_noter_une_montee(request.user, montee))
    return montee


@require_http_methods(["GET", "POST"])
def montee_modifier(request: Requete, pk: int) -> HttpResponse:
    """Corriger une montée de version, ou la dire faite."""
    montee, histoire = _montee(request, pk), MonteeDeVersion.history.filter(id=pk)
    formulaire = MonteeForm(request.POST or None, montee=montee, initial={"vu": jeton(histoire)})
    return saisir(
        request,
        formulaire,
        lambda: services.corriger_montee(
            montee=montee, par=request.user, vu=formulaire.version_vue(), **formulaire.champs()
        ),
        retour=reverse(PARCOURS, args=[montee.parcours_id]),
        succes=f"La montée à « {montee.version} » est à jour.",
        relire=lambda: jeton(histoire),
        gabarit="usages/montee_saisie.html",
        montee=montee,
    )


@require_POST
def montee_retirer(request: Requete, pk: int) -> HttpResponse:
    """Effacer une montée notée par erreur."""
    montee = _montee(request, pk)
    try:
        services.retirer_montee(montee=montee, par=request.user)
    except Refus as refus:
        raise PermissionDenied(refus.motif) from refus
    messages.success(request, f"La montée à « {montee.version} » est retirée.")
    return redirect(PARCOURS, pk=montee.parcours_id)
