"""Le tableau des retours d'un ESMS ou d'une grappe, et les délais que la grappe se donne."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from programme.models import Parcours
from programme.socle.nombres import accorde
from programme.views.grappes import grappe_visible
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.forms.retours import DelaisForm
from usages.models import ReglageRetours, Relais, Retour
from usages.models.retours import RetourQuerySet
from usages.permissions import peut_lire_usages, peut_regler_les_retours, peut_tenir_les_liens
from usages.services.retours.tableau import lire_tableau
from usages.services.retours.traitement import regler_delais


def parcours_lisible(request: Requete, pk: int) -> Parcours:
    """L'ESMS, ou 404 pour qui ne le voit pas ; 403 pour qui n'en lit pas les retours."""
    lus = Parcours.objects.visibles_par(request.user).select_related("esms__departement", "grappe__reglage_retours")
    parcours = get_object_or_404(lus, pk=pk)
    exiger(peut_lire_usages(request.user, parcours))
    return parcours


def _tableau(retours: RetourQuerySet, critere: str) -> dict[str, Any]:
    """Ce que montre le tableau ; `critere` : ce qui réduit la liste aux mêmes retours."""
    au = timezone.localdate()
    colonnes = lire_tableau(retours, au)
    return {"colonnes": colonnes, "nb": sum(c.total for c in colonnes), "au": au, "critere": critere}


@require_safe
def parcours(request: Requete, pk: int) -> HttpResponse:
    """Où en est chaque retour d'un ESMS."""
    lu = parcours_lisible(request, pk)
    siens = Retour.objects.visibles_par(request.user).filter(parcours=lu)
    contexte = _tableau(siens, f"parcours={lu.pk}") | {
        "parcours": lu,
        "delais": getattr(lu.grappe, "reglage_retours", None) or ReglageRetours(),
        "nb_relais": Relais.objects.filter(parcours=lu).count(),
        "tient": bool(peut_tenir_les_liens(request.user, lu)),
    }
    return render(request, "usages/retour_parcours.html", contexte)


@require_safe
def grappe(request: Requete, pk: int) -> HttpResponse:
    """Où en est chaque retour d'une grappe, parmi ceux que voit le lecteur."""
    lue = grappe_visible(request, pk)
    exiger(peut_lire_usages(request.user, lue))
    siens = Retour.objects.visibles_par(request.user).de_la_grappe(lue.pk)
    contexte = _tableau(siens, f"grappe={lue.pk}") | {
        "grappe": lue,
        "delais": ReglageRetours.objects.filter(grappe=lue).first() or ReglageRetours(),
        "regle": bool(peut_regler_les_retours(request.user, lue)),
    }
    return render(request, "usages/retour_grappe.html", contexte)


@require_http_methods(["GET", "POST"])
def reglage(request: Requete, pk: int) -> HttpResponse:
    """Les délais d'une grappe : lire un retour, y répondre."""
    lue = grappe_visible(request, pk)
    exiger(peut_regler_les_retours(request.user, lue))
    actuels = ReglageRetours.objects.filter(grappe=lue).first() or ReglageRetours()
    initial = {"jours_qualifier": actuels.jours_qualifier, "jours_repondre": actuels.jours_repondre}
    formulaire = DelaisForm(request.POST or None, initial=initial)
    return saisir(
        request,
        formulaire,
        lambda: regler_delais(grappe=lue, par=request.user, **formulaire.cleaned_data),
        retour=reverse("usages:grappe-retours", args=[pk]),
        succes=lambda ecrit: (
            f"Les retours se lisent en {accorde(ecrit.jours_qualifier, 'jour')} et reçoivent une réponse en "
            f"{accorde(ecrit.jours_repondre, 'jour')}."
        ),
        gabarit="usages/retour_reglage.html",
        grappe=lue,
    )
