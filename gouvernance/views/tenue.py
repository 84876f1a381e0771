"""Tenir une séance : noter les présences, prendre des notes à plusieurs, consigner ce qui en sort."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from gouvernance.enums import StatutPresence, TypeIssue
from gouvernance.forms.tenue import (
    LA_GRAPPE,
    ActionDeSeanceForm,
    DecisionDeSeanceForm,
    InformationForm,
    NotesForm,
)
from gouvernance.models import Issue, Point, Seance
from gouvernance.permissions import peut_tenir_seance
from gouvernance.services import tenue as services
from gouvernance.services.comptes_rendus import dire_le_quorum
from gouvernance.services.lecture_seances import NATURES_D_ISSUE, point_lu, points_lus
from gouvernance.services.ordre_du_jour import DIFFUSE
from gouvernance.views.notes import formulaire_des_presences, reste_a_traiter
from gouvernance.views.ordre_du_jour import page_du_point, point_visible
from gouvernance.views.seances import rendre, seance_visible
from programme.contexte import oublier_le_compte
from programme.models import Parcours
from programme.permissions import peut_tenir_action
from programme.services.actions import Cible, comptes_proposes
from programme.socle.erreurs import Refus
from programme.socle.versions import jeton
from programme.views.refus import exiger, reporter
from programme.views.requete import Requete
from programme.views.saisies import avertir

NOTES = "gouvernance/fragments/point_notes.html"
ECRITES = "gouvernance/fragments/point_notes_ecrites.html"
ISSUES = "gouvernance/fragments/point_issues.html"


# --- les présences -------------------------------------------------------------------------------------------------


@require_POST
def presences(request: Requete, pk: int) -> HttpResponse:
    """Note qui est là (`tous` : les autres aussi) ; ce qui n'a pas été touché n'est pas récrit."""
    seance = seance_visible(request, pk)
    exiger(peut_tenir_seance(request.user, seance))
    formulaire = formulaire_des_presences(seance, request.POST)
    if not formulaire.is_valid():
        return rendre(request, seance, status=422, presences=formulaire)
    reste = StatutPresence.PRESENT if "tous" in request.POST else ""
    try:
        services.noter_presences(seance=seance, statuts=formulaire.statuts(reste=reste), par=request.user)
    except Refus as refus:
        if refus.code == "droit":
            raise PermissionDenied(refus.motif) from refus
        # Les présences relues : l'autre a pu avoir raison.
        return rendre(request, seance, status=409, refus=refus)
    messages.success(request, f"Présences notées. {dire_le_quorum(seance)}".strip())
    return oublier_le_compte(redirect(f"{reverse('gouvernance:seance-detail', args=[pk])}#t-presences"))


# --- les notes -----------------------------------------------------------------------------------------------------


def _pas_d_ici(request: Requete, point: Point) -> HttpResponse | None:
    """Où l'on retourne si rien ne s'écrit, ou plus ; la page dit pourquoi."""
    if request.method != "GET" or point.seance.s_ecrit:
        return None
    messages.warning(request, DIFFUSE if point.seance.etat == "diffusee" else services.PAS_OUVERTE)
    return redirect(page_du_point(point))


@require_http_methods(["GET", "POST"])
def noter(request: Requete, pk: int) -> HttpResponse:
    """Ce qui s'est dit d'un point ; croisé ou refusé, ce qui est tapé reste à l'écran."""
    point = point_visible(request, pk)
    exiger(peut_tenir_seance(request.user, point.seance))
    if ailleurs := _pas_d_ici(request, point):
        return ailleurs
    histoire = Point.history.filter(id=pk)
    formulaire = NotesForm(request.POST or None, point=point, vu=jeton(histoire))
    if request.method == "GET" or not formulaire.is_valid():
        return _rendre_les_notes(request, point, formulaire, status=422 if formulaire.is_bound else 200)
    try:
        services.noter_point(point=point, par=request.user, vu=formulaire.version_vue(), **formulaire.champs())
    except Refus as refus:
        return _refuser_les_notes(request, point, formulaire, refus)
    avertir(request, formulaire)
    if request.htmx:
        return _dire_ecrites(request, point, jeton(histoire))
    messages.success(request, f"Noté : « {point} ».")
    return oublier_le_compte(redirect(page_du_point(point)))


def _dire_ecrites(request: Requete, point: Point, vu: int) -> HttpResponse:
    """Le jeton à jour et un mot, rien d'autre : ce qui se tape pendant l'échange n'est pas écrasé.

    Après un refus, le bloc entier : ce qui l'expliquait n'a plus lieu d'être.
    """
    ecrit = point_visible(request, point.pk)
    formulaire = NotesForm(point=ecrit, vu=vu)
    if "refusee" in request.POST:
        return oublier_le_compte(_rendre_les_notes(request, ecrit, formulaire, enregistre=True))
    contexte = {"formulaire": formulaire, "point": ecrit, "maintenant": timezone.localtime()} | _reste(ecrit)
    return oublier_le_compte(render(request, ECRITES, contexte))


def _reste(point: Point) -> dict[str, Any]:
    """Ce qui reste à traiter, pour que la page le dise à jour sans se recharger ; rien si la séance est close."""
    return {"reste": reste_a_traiter(points_lus(point.seance))} if point.seance.se_tient else {}


def _refuser_les_notes(request: Requete, point: Point, formulaire: NotesForm, refus: Refus) -> HttpResponse:
    if refus.code == "droit":
        raise PermissionDenied(refus.motif) from refus
    if refus.code == "champ":
        reporter(refus, formulaire)
        return _rendre_les_notes(request, point, formulaire, status=422)
    if refus.code == "concurrence":
        formulaire.reprendre(jeton(Point.history.filter(id=point.pk)))
    return _rendre_les_notes(request, point, formulaire, status=409, refus=refus)


def _rendre_les_notes(
    request: Requete,
    point: Point,
    formulaire: NotesForm,
    *,
    status: int = 200,
    refus: Refus | None = None,
    enregistre: bool = False,
) -> HttpResponse:
    """Le bloc du point seul (htmx), ou sa page."""
    lu = point_lu(point)
    lu.enregistre_a = timezone.localtime() if enregistre else None
    lu.formulaire, lu.refus = formulaire, refus
    lu.actuel = lu.point if refus else None
    gabarit = NOTES if request.htmx else "gouvernance/point_noter.html"
    contexte = {"lu": lu, "point": lu.point, "seance": lu.point.seance, "retour": page_du_point(point)}
    reponse = render(request, gabarit, contexte, status=status)
    if request.htmx:
        # La page n'attend rien en retour d'une note écrite ; refusée, c'est le bloc du point qui se récrit.
        reponse["HX-Retarget"], reponse["HX-Reswap"] = f"#notes-{point.pk}", "outerHTML"
    return reponse


# --- ce qui en sort ------------------------------------------------------------------------------------------------


def _cibles(request: Requete, seance: Seance) -> dict[str, tuple[Cible, str]]:
    """La grappe et ses ESMS, pour qui ce compte peut écrire une action."""
    grappe = seance.comite.grappe
    cibles: dict[str, tuple[Cible, str]] = {}
    if peut_tenir_action(request.user, grappe):
        cibles[LA_GRAPPE] = (grappe, "toute la grappe")
    siens = Parcours.objects.lisibles_par(request.user).filter(grappe=grappe).dans_le_projet().pour_lecture()
    for p in siens.order_by("esms__tri", "pk"):
        if peut_tenir_action(request.user, p):
            cibles[str(p.pk)] = (p, str(p))
    return cibles


def _formulaire(request: Requete, seance: Seance, nature: str) -> Any:
    donnees = request.POST if request.method == "POST" else None
    if nature == TypeIssue.ACTION:
        cibles = _cibles(request, seance)
        comptes = comptes_proposes([cible for cible, _ in cibles.values()], timezone.localdate()) if cibles else {}
        return ActionDeSeanceForm(donnees, cibles=cibles, comptes=comptes)
    return DecisionDeSeanceForm(donnees) if nature == TypeIssue.DECISION else InformationForm(donnees)


CONSIGNER: dict[str, Callable[..., Issue]] = {
    TypeIssue.INFORMATION: services.consigner_information,
    TypeIssue.DECISION: services.consigner_decision,
    TypeIssue.ACTION: services.consigner_action,
}


@require_http_methods(["GET", "POST"])
def issue_creer(request: Requete, pk: int) -> HttpResponse:
    """Consigner une information, une décision ou une action (`?nature=`), sur place ou sur sa page."""
    point, nature = point_visible(request, pk), request.GET.get("nature", TypeIssue.INFORMATION)
    exiger(peut_tenir_seance(request.user, point.seance))
    if nature not in TypeIssue.values:
        raise Http404("nature inconnue")
    if ailleurs := _pas_d_ici(request, point):
        return ailleurs
    formulaire = _formulaire(request, point.seance, nature)
    if request.method == "GET" or not formulaire.is_valid():
        return _rendre_l_issue(request, point, nature, formulaire, status=422 if formulaire.is_bound else 200)
    try:
        issue = CONSIGNER[nature](point=point, par=request.user, **formulaire.champs())
    except Refus as refus:
        if refus.code == "droit":
            raise PermissionDenied(refus.motif) from refus
        reporter(refus, formulaire)
        return _rendre_l_issue(request, point, nature, formulaire, status=409 if refus.code == "etat" else 422)
    return _issue_ecrite(request, point, issue, formulaire)


def _issue_ecrite(request: Requete, point: Point, issue: Issue, formulaire: Any) -> HttpResponse:
    avertir(request, formulaire)
    if request.htmx:
        return oublier_le_compte(_rendre_l_issue(request, point, "", None))
    messages.success(request, f"{issue.get_type_display()} consignée : « {issue} ».")
    return oublier_le_compte(redirect(page_du_point(point)))


def _rendre_l_issue(request: Requete, point: Point, nature: str, formulaire: Any, *, status: int = 200) -> HttpResponse:
    """Ce qui est sorti du point, et la saisie ouverte (htmx) ; sinon sa page."""
    contexte = {
        "lu": point_lu(point),
        "point": point,
        "seance": point.seance,
        "tient": True,
        "nature": nature,
        "mot": dict(NATURES_D_ISSUE).get(nature, ""),
        "natures_d_issue": NATURES_D_ISSUE,
        "saisie": formulaire,
        "retour": page_du_point(point),
    }
    if request.htmx:
        contexte |= {"en_echange": True} | _reste(point)
    return render(request, ISSUES if request.htmx else "gouvernance/issue_saisie.html", contexte, status=status)


@require_POST
def issue_retirer(request: Requete, pk: int) -> HttpResponse:
    """Retirer une information notée à tort."""
    vues = Issue.objects.visibles_par(request.user).select_related("seance__comite__grappe", "point__seance")
    issue = get_object_or_404(vues, pk=pk)
    retour = page_du_point(issue.point) if issue.point else reverse("gouvernance:seance-detail", args=[issue.seance_id])
    try:
        services.retirer_issue(issue=issue, par=request.user)
    except Refus as refus:
        if refus.code == "droit":
            raise PermissionDenied(refus.motif) from refus
        messages.error(request, refus.motif)
    else:
        messages.success(request, f"« {issue} » est retirée.")
    return oublier_le_compte(redirect(retour))
