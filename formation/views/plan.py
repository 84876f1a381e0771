"""Le plan de formation d'une grappe : le lire, le bâtir, régler ses seuils, tenir ses modules."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from formation.forms.plan import ModuleFormationForm, ReglagesForm
from formation.models import ModuleFormation, PlanFormation
from formation.permissions import peut_lire_formation, peut_tenir_le_plan
from formation.services import page_plan, plan_type
from formation.services import plan as services
from programme.calculs.masquage import MOINS_DE_5, est_petit
from programme.forms.pieces import PieceForm
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde, nombre
from programme.socle.pieces import pieces_de
from programme.socle.versions import jeton
from programme.views.grappes import grappe_visible
from programme.views.pieces import garnir
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir

PAGE, DETAIL = "formation:grappe-formation-plan", "formation:moduleformation-detail"
SAISIE = "formation/plan_saisie.html"
CONFIRMER = "formation/plan_confirmer.html"


def module_visible(request: Requete, pk: int) -> ModuleFormation:
    """Le module, ou 404 pour qui ne le lit pas."""
    vus = ModuleFormation.objects.visibles_par(request.user).select_related("grappe__region")
    return get_object_or_404(vus, pk=pk)


def _module_tenu(request: Requete, pk: int) -> tuple[ModuleFormation, HttpResponse | None]:
    """Le module, pour qui tient le plan ; retiré, il se dit sur sa page."""
    module = module_visible(request, pk)
    exiger(peut_tenir_le_plan(request.user, module))
    try:
        services.exiger_au_plan(module)
    except Refus as refus:
        messages.warning(request, refus.motif)
        return module, redirect(DETAIL, pk=pk)
    return module, None


@require_http_methods(["GET", "POST"])
def grappe_formation_plan(request: Requete, pk: int) -> HttpResponse:
    """Les modules, leurs places et leurs supports, les seuils, les formateurs ; POST : partir du plan type."""
    grappe = grappe_visible(request, pk)
    exiger(peut_lire_formation(request.user, grappe))
    tient = peut_tenir_le_plan(request.user, grappe)
    if request.method == "POST":
        exiger(tient)
        try:
            crees = plan_type.partir_du_plan_type(grappe=grappe, par=request.user)
        except Refus as refus:
            messages.warning(request, refus.motif)
        else:
            ajoutes = accorde(len(crees), "module ajouté,modules ajoutés")
            messages.success(request, f"{ajoutes} au plan : relisez leurs publics, leur durée et leurs places.")
        return redirect(PAGE, pk=pk)
    page = page_plan.lire(grappe, request.user, timezone.localdate())
    absents = plan_type.absents_du_plan(grappe) if tient else []
    contexte = {"grappe": grappe, "page": page, "tient": bool(tient), "absents": absents}
    return render(request, "formation/plan_grappe.html", contexte)


@require_http_methods(["GET", "POST"])
def plan_regler(request: Requete, pk: int) -> HttpResponse:
    """Les seuils et les délais de la grappe."""
    grappe = grappe_visible(request, pk)
    exiger(peut_tenir_le_plan(request.user, grappe))
    histoire = PlanFormation.history.filter(grappe_id=pk)
    formulaire = ReglagesForm(
        request.POST or None, reglages=services.reglages_de(grappe), initial={"vu": jeton(histoire)}
    )
    return saisir(
        request,
        formulaire,
        lambda: services.regler(grappe=grappe, par=request.user, vu=formulaire.version_vue(), **formulaire.champs()),
        retour=reverse(PAGE, args=[pk]),
        succes="Les seuils et les délais de la grappe sont à jour.",
        relire=lambda: jeton(histoire),
        gabarit=SAISIE,
        grappe=grappe,
        titre="Régler les seuils et les délais",
        chapeau="Ceux du produit, tant que la grappe n’en décide pas d’autres. Un seuil avertit ; il ne barre rien.",
        libelle="Enregistrer les réglages",
    )


@require_http_methods(["GET", "POST"])
def moduleformation_creer(request: Requete, pk: int) -> HttpResponse:
    """Ajouter un module au plan d'une grappe."""
    grappe = grappe_visible(request, pk)
    exiger(peut_tenir_le_plan(request.user, grappe))
    formulaire = ModuleFormationForm(request.POST or None, grappe=grappe, module=None)
    return saisir(
        request,
        formulaire,
        lambda: services.creer_module(grappe=grappe, par=request.user, **formulaire.champs()),
        retour=reverse(PAGE, args=[pk]),
        vers=lambda cree: reverse(DETAIL, args=[cree.pk]),
        succes=lambda cree: f"« {cree} » est au plan. Joignez-y ses supports.",
        gabarit=SAISIE,
        grappe=grappe,
        titre="Ajouter un module de formation",
        libelle="Ajouter au plan",
    )


@require_http_methods(["GET", "POST"])
def moduleformation_modifier(request: Requete, pk: int) -> HttpResponse:
    """Corriger un module du plan."""
    module, ailleurs = _module_tenu(request, pk)
    if ailleurs:
        return ailleurs
    histoire = ModuleFormation.history.filter(id=pk)
    formulaire = ModuleFormationForm(
        request.POST or None, grappe=module.grappe, module=module, initial={"vu": jeton(histoire)}
    )
    return saisir(
        request,
        formulaire,
        lambda: services.modifier_module(
            module=module, par=request.user, vu=formulaire.version_vue(), **formulaire.champs()
        ),
        retour=reverse(DETAIL, args=[pk]),
        succes=lambda rendu: f"« {rendu} » est à jour.",
        relire=lambda: jeton(histoire),
        gabarit=SAISIE,
        grappe=module.grappe,
        module=module,
        titre=f"Modifier « {module} »",
        libelle="Enregistrer",
    )


@require_http_methods(["GET", "POST"])
def moduleformation_detail(request: Requete, pk: int) -> HttpResponse:
    """Un module : à qui, comment, ses supports ; POST : en joindre un, en retirer un."""
    module = module_visible(request, pk)
    tient = peut_tenir_le_plan(request.user, module)
    formulaire = PieceForm()
    if request.method == "POST":
        exiger(tient)
        fautif = garnir(
            request,
            module,
            joindre=lambda fichier: services.joindre(module=module, fichier=fichier, par=request.user),
            retirer=lambda piece: services.retirer_piece(module=module, piece=piece, par=request.user),
        )
        if fautif is None:
            return redirect(DETAIL, pk=pk)
        formulaire = fautif
    contexte = {
        "module": module,
        "pieces": pieces_de(module).select_related("deposee_par"),
        "formulaire": formulaire,
        "tient": bool(tient),
    }
    return render(request, "formation/moduleformation_detail.html", contexte, status=422 if formulaire.errors else 200)


@require_http_methods(["GET", "POST"])
def moduleformation_retirer(request: Requete, pk: int) -> HttpResponse:
    """Retirer un module du plan, en sachant ce qui reste."""
    module, ailleurs = _module_tenu(request, pk)
    if ailleurs:
        return ailleurs
    if request.method == "POST":
        try:
            services.retirer_module(module=module, par=request.user)
        except Refus as refus:
            messages.warning(request, refus.motif)
        else:
            messages.success(request, f"« {module} » est retiré du plan ; ses acquis restent.")
        return redirect(DETAIL, pk=pk)
    contexte = {
        "module": module,
        "grappe": module.grappe,
        "titre": f"Retirer « {module} » du plan",
        "chapeau": "Il ne comptera plus dans la couverture ni dans les besoins. Il pourra y revenir.",
        "consequences": _ce_qui_reste(module),
        "libelle": "Retirer du plan",
        "annuler_url": reverse(DETAIL, args=[pk]),
    }
    return render(request, CONFIRMER, contexte)


def _ce_qui_reste(module: ModuleFormation) -> list[str]:
    """Les acquis et les sessions à venir, dits avant de retirer."""
    formees, a_venir = services.suites_du_retrait(module, timezone.localdate())
    if not formees:
        acquis = "Personne n’y est encore formé : aucun acquis à garder."
    elif est_petit(formees):
        acquis = f"{MOINS_DE_5.capitalize()} personnes y sont formées : leur acquis est gardé."
    else:
        acquis = f"{nombre(formees)} personnes y sont formées : leur acquis est gardé."
    sessions = f"{accorde(a_venir, 'session à venir reste,sessions à venir restent')} : tenez-les ou annulez-les."
    return [acquis, sessions if a_venir else "Aucune session à venir."]


@require_POST
def moduleformation_remettre(request: Requete, pk: int) -> HttpResponse:
    """Remettre au plan un module retiré."""
    module = module_visible(request, pk)
    exiger(peut_tenir_le_plan(request.user, module))
    try:
        services.remettre_module(module=module, par=request.user)
    except Refus as refus:
        messages.warning(request, refus.motif)
    else:
        messages.success(request, f"« {module} » est de nouveau au plan.")
    return redirect(DETAIL, pk=pk)
