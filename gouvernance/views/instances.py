"""Une instance : la lire, la créer, la régler, la clore."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from gouvernance.forms.instances import ClotureInstanceForm, InstanceForm
from gouvernance.models import Instance
from gouvernance.permissions import peut_tenir_instances, peut_tenir_seance
from gouvernance.services import instances as services
from gouvernance.services import page_grappe
from programme.enums import Role
from programme.models import Utilisateur
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde
from programme.socle.versions import jeton
from programme.views.grappes import grappe_visible
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir

DETAIL, PAGE = "gouvernance:instance-detail", "gouvernance:grappe-gouvernance"
SAISIE = "gouvernance/instance_saisie.html"
PROCHAINES = 4


def instance_visible(request: Requete, pk: int) -> Instance:
    """L'instance, ou 404 pour qui n'en voit pas la composition."""
    vues = Instance.objects.visibles_par(request.user).select_related("grappe__region", "creee_par")
    instance: Instance = get_object_or_404(vues, pk=pk)
    return instance


@require_safe
def siennes(request: Requete) -> HttpResponse:
    """Mes instances : celles où je siège, celles que je conduis, et leur prochaine séance."""
    suivies = page_grappe.lire_les_siennes(request.user, timezone.localdate())
    contexte = {"suivies": suivies, "financeur": request.user.perimetre.tient(Role.ARS)}
    return render(request, "gouvernance/instance_siennes.html", contexte)


@require_safe
def prochaines(request: Requete) -> HttpResponse:
    """Les prochaines séances du lecteur, pour son accueil : un fragment, vide s'il n'en a pas ; hors htmx, sa page."""
    if not request.htmx:
        return siennes(request)
    suivies = [s for s in page_grappe.lire_les_siennes(request.user, timezone.localdate()) if s.prochaine]
    suivies.sort(key=lambda s: s.prochaine.debut if s.prochaine else timezone.now())
    lues = [(s, _la_tient(request.user, s)) for s in suivies[:PROCHAINES]]
    contexte = {"suivies": lues, "plusieurs": len({s.instance.grappe_id for s in suivies}) > 1}
    return render(request, "gouvernance/fragments/accueil_seances.html", contexte)


def _la_tient(compte: Utilisateur, suivie: page_grappe.Suivie) -> bool:
    """`peut_tenir_seance`, de ce qui est déjà lu : ses sièges disent s'il anime."""
    return any(m.anime for m in suivie.siens) or bool(peut_tenir_instances(compte, suivie.instance))


@require_safe
def detail(request: Requete, pk: int) -> HttpResponse:
    """Ses sièges et ce que la règle attend, ses séances pour qui les lit, les points qu'elle a portés."""
    instance = instance_visible(request, pk)
    suit = Instance.objects.suivies_par(request.user).filter(pk=pk).exists()
    contexte = {
        "instance": instance,
        "page": page_grappe.lire_l_instance(instance, request.user, timezone.localdate(), suivie=suit),
        "conduit": bool(peut_tenir_instances(request.user, instance)) and not instance.close_le,
        "tient": bool(peut_tenir_seance(request.user, instance)) and not instance.close_le,
        "suit": suit,
    }
    return render(request, "gouvernance/instance_detail.html", contexte)


@require_http_methods(["GET", "POST"])
def creer(request: Requete, pk: int) -> HttpResponse:
    """Créer une instance dans une grappe."""
    grappe = grappe_visible(request, pk)
    exiger(peut_tenir_instances(request.user, grappe))
    formulaire = InstanceForm(request.POST or None, instance=None)
    return saisir(
        request,
        formulaire,
        lambda: services.creer(grappe=grappe, par=request.user, **formulaire.champs()),
        retour=reverse(PAGE, args=[pk]),
        vers=lambda creee: reverse(DETAIL, args=[creee.pk]),
        succes=lambda creee: f"L’instance « {creee} » est créée : confiez-y des sièges.",
        gabarit=SAISIE,
        grappe=grappe,
        titre="Créer une instance",
        libelle="Créer l’instance",
    )


def _ouverte(request: Requete, pk: int) -> tuple[Instance, HttpResponse | None]:
    """L'instance, pour qui la tient ; close, elle se dit sur sa page."""
    instance = instance_visible(request, pk)
    exiger(peut_tenir_instances(request.user, instance))
    try:
        services.exiger_ouverte(instance)
    except Refus as refus:
        messages.warning(request, refus.motif)
        return instance, redirect(DETAIL, pk=pk)
    return instance, None


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Régler une instance ouverte."""
    instance, ailleurs = _ouverte(request, pk)
    if ailleurs:
        return ailleurs
    histoire = Instance.history.filter(id=pk)
    formulaire = InstanceForm(request.POST or None, instance=instance, initial={"vu": jeton(histoire)})
    return saisir(
        request,
        formulaire,
        lambda: services.modifier(
            instance=instance, par=request.user, vu=formulaire.version_vue(), **formulaire.champs()
        ),
        retour=reverse(DETAIL, args=[pk]),
        succes=lambda reglee: f"L’instance « {reglee} » est à jour.",
        relire=lambda: jeton(histoire),
        gabarit=SAISIE,
        grappe=instance.grappe,
        instance=instance,
        titre=f"Régler « {instance} »",
        libelle="Enregistrer",
    )


@require_http_methods(["GET", "POST"])
def clore(request: Requete, pk: int) -> HttpResponse:
    """Clore une instance : ses mandats finissent le même jour."""
    instance, ailleurs = _ouverte(request, pk)
    if ailleurs:
        return ailleurs
    formulaire = ClotureInstanceForm(request.POST or None)
    return saisir(
        request,
        formulaire,
        lambda: services.clore(instance=instance, par=request.user, **formulaire.cleaned_data),
        retour=reverse(PAGE, args=[instance.grappe_id]),
        succes=lambda rendu: f"« {rendu[0]} » est close ; {accorde(rendu[1], 'mandat y finit,mandats y finissent')}.",
        gabarit="gouvernance/instance_clore.html",
        instance=instance,
        grappe=instance.grappe,
        titre=f"Clore « {instance} »",
        chapeau="Ses séances, ses comptes rendus et ses décisions restent.",
        consequences=["Ses mandats finissent le même jour.", "Elle ne se réunit plus et n’arbitre plus."],
        libelle="Clore l’instance",
        annuler_url=reverse(DETAIL, args=[pk]),
    )
