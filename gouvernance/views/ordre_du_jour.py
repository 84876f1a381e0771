"""Composer l'ordre du jour : inscrire un point, le corriger, le ranger, le retirer ; en porter un au COMOP."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from gouvernance.enums import TypeInstance
from gouvernance.forms.seances import PointForm, PorterForm
from gouvernance.models import Instance, Point, Seance
from gouvernance.models.seances import A_VENIR
from gouvernance.permissions import peut_porter_un_point, peut_tenir_seance
from gouvernance.services import ordre_du_jour as services
from gouvernance.views.seances import seance_visible
from programme.contexte import oublier_le_compte
from programme.socle.dates import date_courte
from programme.socle.erreurs import Refus
from programme.socle.versions import jeton
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir

SENS = {"haut": -1, "bas": 1}


def point_visible(request: Requete, pk: int) -> Point:
    """Le point d'une séance que l'on suit, ou 404."""
    suivies = Seance.objects.visibles_par(request.user).order_by().values("pk")
    points = Point.objects.filter(seance__in=suivies).select_related("seance__comite__grappe", "demandee_par")
    return get_object_or_404(points, pk=pk)


def page_du_point(point: Point) -> str:
    """La page de sa séance, à sa hauteur."""
    return f"{reverse('gouvernance:seance-detail', args=[point.seance_id])}#point-{point.pk}"


def _ferme(request: Requete, seance: Seance) -> HttpResponse | None:
    """Où l'on retourne si l'ordre du jour ne change plus ; la page dit pourquoi."""
    if request.method != "GET" or seance.etat in A_VENIR:
        return None
    messages.warning(request, services.FERME.format(seance.get_etat_display().lower()))
    return redirect("gouvernance:seance-detail", pk=seance.pk)


@require_http_methods(["GET", "POST"])
def ajouter(request: Requete, pk: int) -> HttpResponse:
    """Inscrire un point à la main."""
    seance = seance_visible(request, pk)
    exiger(peut_tenir_seance(request.user, seance))
    if ailleurs := _ferme(request, seance):
        return ailleurs
    formulaire = PointForm(request.POST or None)
    return saisir(
        request,
        formulaire,
        lambda: services.ajouter_point(seance=seance, par=request.user, **formulaire.champs()),
        retour=reverse("gouvernance:seance-detail", args=[pk]),
        vers=page_du_point,
        succes=lambda point: f"« {point} » est à l'ordre du jour.",
        gabarit="gouvernance/point_saisie.html",
        seance=seance,
        titre="Ajouter un point",
        libelle="Inscrire le point",
    )


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Corriger un point."""
    point = point_visible(request, pk)
    exiger(peut_tenir_seance(request.user, point.seance))
    if ailleurs := _ferme(request, point.seance):
        return ailleurs
    histoire = Point.history.filter(id=pk)
    formulaire = PointForm(request.POST or None, point=point, initial={"vu": jeton(histoire)})
    return saisir(
        request,
        formulaire,
        lambda: services.modifier_point(
            point=point, par=request.user, vu=formulaire.version_vue(), **formulaire.champs()
        ),
        retour=page_du_point(point),
        succes=lambda ecrit: f"« {ecrit} » est à jour.",
        relire=lambda: jeton(histoire),
        gabarit="gouvernance/point_saisie.html",
        seance=point.seance,
        point=point,
        titre=f"Modifier « {point} »",
        libelle="Enregistrer le point",
    )


@require_POST
def retirer(request: Requete, pk: int) -> HttpResponse:
    """Retirer un point ; ce qui vient d'ailleurs, ou dont on a parlé, reste lisible."""
    point = point_visible(request, pk)
    try:
        disparu = services.retirer_point(point=point, par=request.user)
    except Refus as refus:
        return _refuser(request, point, refus)
    suite = "" if disparu else " ; il reste lisible, marqué retiré"
    messages.success(request, f"« {point} » est retiré de l'ordre du jour{suite}.")
    return oublier_le_compte(redirect("gouvernance:seance-detail", pk=point.seance_id))


@require_POST
def deplacer(request: Requete, pk: int) -> HttpResponse:
    """Monter ou descendre un point d'un rang (`sens` : haut, bas)."""
    point, sens = point_visible(request, pk), request.POST.get("sens", "")
    exiger(peut_tenir_seance(request.user, point.seance))
    if sens not in SENS:
        messages.error(request, "Dites où va ce point : plus haut, ou plus bas.")
        return redirect(page_du_point(point))
    try:
        services.deplacer_point(point=point, vers=SENS[sens], par=request.user)
    except Refus as refus:
        return _refuser(request, point, refus)
    return redirect(page_du_point(point))


def _refuser(request: Requete, point: Point, refus: Refus) -> HttpResponse:
    if refus.code == "droit":
        raise PermissionDenied(refus.motif) from refus
    messages.error(request, refus.motif)
    return redirect(page_du_point(point))


# --- le comité utilisateurs ----------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def porter(request: Requete, pk: int) -> HttpResponse:
    """Porter un point du comité utilisateurs au COMOP, et lire les réponses déjà données."""
    comite = get_object_or_404(Instance.objects.visibles_par(request.user).pour_lecture(), pk=pk)
    if comite.type != TypeInstance.UTILISATEURS:
        raise Http404("pas un comité utilisateurs")
    exiger(peut_porter_un_point(request.user, comite))
    formulaire, seance = PorterForm(request.POST or None), services.prochain_comop(comite)
    comops = Instance.objects.actives().filter(grappe=comite.grappe, type=TypeInstance.COMOP).pour_lecture()
    return saisir(
        request,
        formulaire,
        lambda: services.porter_point(comite=comite, par=request.user, **formulaire.cleaned_data),
        retour=reverse("gouvernance:point-porter", args=[pk]),
        succes=lambda point: f"« {point} » est porté au COMOP du {date_courte(point.seance.debut.date())}.",
        gabarit="gouvernance/point_porter.html",
        comite=comite,
        seance=seance,
        a_prevoir=None if seance else next((c for c in comops if peut_tenir_seance(request.user, c)), None),
        portes=services.points_portes(comite, par=request.user),
    )
