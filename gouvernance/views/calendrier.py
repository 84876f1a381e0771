"""Ses séances dans son agenda : l'adresse à lui donner, ce qu'elle rend, et une séance à la fois."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gouvernance.models import Seance
from gouvernance.permissions import peut_suivre_seance
from gouvernance.services import calendriers as services
from programme.socle.erreurs import Refus
from programme.views.refus import exiger
from programme.views.requete import Requete

GENRE = "text/calendar; charset=utf-8"
SANS_ADRESSE = "Cette adresse de calendrier ne vaut plus : reprenez-en une, « Mes séances dans mon agenda »."


def _page(request: HttpRequest) -> services.Page:
    """D'une séance à l'adresse complète de sa page."""
    return lambda seance: request.build_absolute_uri(reverse("gouvernance:seance-detail", args=[seance.pk]))


@never_cache
@require_http_methods(["GET", "POST"])
def calendrier(request: Requete) -> HttpResponse:
    """Mon calendrier : l'adresse en service, ce qu'elle montre ; en demander une, la remplacer, la révoquer."""
    if request.method == "POST":
        return _revoquer(request) if request.POST.get("geste") == "revoquer" else _creer(request)
    return _montrer(request)


def _montrer(request: Requete, adresse: str = "") -> HttpResponse:
    contexte = {
        "jeton": services.adresse_de(request.user),
        "prochaines": services.prochaines(request.user),
        "adresse": adresse,
        # Un clic propose l'abonnement à l'agenda de la machine, qui relit l'adresse de lui-même.
        "abonnement": adresse.replace("http", "webcal", 1).replace("webcals", "webcal", 1),
    }
    return render(request, "gouvernance/calendrier.html", contexte)


def _creer(request: Requete) -> HttpResponse:
    """L'adresse n'est gardée nulle part en clair : cette page est la seule à la montrer."""
    jeton = services.creer_adresse(par=request.user)
    return _montrer(request, request.build_absolute_uri(reverse("gouvernance:calendrier-flux", args=[jeton])))


def _revoquer(request: Requete) -> HttpResponse:
    try:
        services.revoquer_adresse(par=request.user)
    except Refus as refus:
        messages.warning(request, refus.motif)
    else:
        messages.success(request, "L’adresse de votre calendrier est révoquée : elle ne rend plus rien.")
    return redirect("gouvernance:calendrier")


@login_not_required
@require_safe
def calendrier_flux(request: HttpRequest, jeton: str) -> HttpResponse:
    """Les séances d'un compte, lues par son agenda sans session : le jeton de l'adresse dit qui il est."""
    compte = services.lire_jeton(jeton)
    if compte is None:
        raise Http404(SANS_ADRESSE)
    # no-cache et non no-store : l'agenda garde ce qu'il montre, et redemande à chaque fois.
    entetes = {"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}
    return HttpResponse(services.flux_de(compte, _page(request)), content_type=GENRE, headers=entetes)


@require_safe
def seance_ics(request: Requete, pk: int) -> HttpResponse:
    """Une séance, à ajouter à un agenda sans s'abonner."""
    seance = get_object_or_404(Seance.objects.visibles_par(request.user).pour_lecture(), pk=pk)
    exiger(peut_suivre_seance(request.user, seance))
    return HttpResponse(
        services.fichier_de(seance, _page(request)),
        content_type=GENRE,
        headers={"Content-Disposition": f'attachment; filename="seance-{seance.pk}.ics"'},
    )
