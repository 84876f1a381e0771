"""Un retour : ce qui est dit, les voix qui s'y ajoutent, ce qu'on en fait ; le confier, le regrouper avec un autre."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from programme.services.journal import passages_en_journal
from programme.socle.pieces import pieces_de
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.forms.retours import ConfierForm, ResumeForm
from usages.models import Retour
from usages.permissions import peut_traiter
from usages.services.retours import lecture, suites
from usages.services.retours import traitement as services
from usages.services.retours.proches import proches_de, regroupables

DETAIL = "usages:retour-detail"
TROUVES = 20


def retour_visible(request: Requete, pk: int) -> Retour:
    """Le retour, avec son échéance, ou 404 pour qui ne le lit pas."""
    return get_object_or_404(Retour.objects.visibles_par(request.user).pour_lecture().avec_echeance(), pk=pk)


@require_safe
def detail(request: Requete, pk: int) -> HttpResponse:
    """Le texte, la photo, les voix, la réponse, les suites, l'histoire ; et ce qu'on peut en faire."""
    retour = retour_visible(request, pk)
    contexte = {
        "retour": retour,
        "voix": lecture.voix_de(retour, request.user),
        "porteur": lecture.porteur_lu(retour, request.user),
        "reponse": lecture.reponse_de(retour),
        "suites": suites.suites_de(retour, request.user),
        "offertes": suites.offertes_a(retour, request.user),
        "photos": [piece for piece in pieces_de(retour) if piece.type.startswith("image/")],
        "traite": bool(peut_traiter(request.user, retour)),
        "regroupable": retour.etat in Retour.departs("regrouper"),
        "histoire": passages_en_journal(retour),
        "au": timezone.localdate(),
    }
    return render(request, "usages/retour_detail.html", contexte)


@require_safe
def proches(request: Requete, pk: int) -> HttpResponse:
    """Fragment : les retours qui lui ressemblent. À part, parce qu'il relit jusqu'à quinze cents textes."""
    retour = retour_visible(request, pk)
    contexte = {
        "retour": retour,
        "proches": proches_de(retour, request.user, timezone.localdate()),
        "traite": bool(peut_traiter(request.user, retour)),
    }
    return render(request, "usages/fragments/retours_proches.html", contexte)


@require_safe
def regrouper(request: Requete, pk: int) -> HttpResponse:
    """Chercher le retour qui dit la même chose ; le choisir mène au passage, qui demande de confirmer."""
    retour = retour_visible(request, pk)
    exiger(peut_traiter(request.user, retour))
    texte = request.GET.get("recherche", "").strip()[:100]
    au = timezone.localdate()
    trouves = regroupables(retour, request.user, au).chercher(texte).pour_lecture().avec_voix() if texte else None
    contexte = {
        "retour": retour,
        "texte": texte,
        "trouves": trouves[:TROUVES] if trouves is not None else [],
        "proches": [] if texte else proches_de(retour, request.user, au),
        "permis": retour.etat in Retour.departs("regrouper"),
    }
    return render(request, "usages/retour_regrouper.html", contexte)


@require_http_methods(["GET", "POST"])
def redire(request: Requete, pk: int) -> HttpResponse:
    """Corriger le thème et le résumé d'un retour déjà lu."""
    retour = retour_visible(request, pk)
    exiger(peut_traiter(request.user, retour))
    if not retour.titre:
        messages.warning(request, services.PAS_LU)
        return redirect(DETAIL, pk=pk)
    formulaire = ResumeForm(request.POST or None, retour=retour)
    return saisir(
        request,
        formulaire,
        lambda: services.redire(retour=retour, par=request.user, **formulaire.cleaned_data),
        retour=reverse(DETAIL, args=[pk]),
        succes=lambda redit: f"Le retour se résume maintenant « {redit} ».",
        gabarit="usages/retour_resume.html",
        objet=retour,
    )


@require_http_methods(["GET", "POST"])
def confier(request: Requete, pk: int) -> HttpResponse:
    """Le confier à quelqu'un qui le lit, ou à personne."""
    retour = retour_visible(request, pk)
    exiger(peut_traiter(request.user, retour))
    comptes = services.comptes_qui_lisent(retour.parcours, timezone.localdate())
    formulaire = ConfierForm(request.POST if request.method == "POST" else None, retour=retour, comptes=comptes)
    return saisir(
        request,
        formulaire,
        lambda: services.confier(retours=[retour], a=formulaire.cleaned_data["confie_a"], par=request.user),
        retour=reverse(DETAIL, args=[pk]),
        succes=lambda _: (
            f"« {retour} » est confié à {formulaire.cleaned_data['confie_a']}."
            if formulaire.cleaned_data["confie_a"]
            else f"« {retour} » n'est plus confié à personne."
        ),
        gabarit="usages/retour_confier.html",
        objet=retour,
    )
