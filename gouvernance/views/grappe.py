"""La gouvernance d'une grappe : sa page d'entrée, et qui représente qui."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from gouvernance.permissions import peut_lire_gouvernance, peut_tenir_instances
from gouvernance.services import instances as services
from gouvernance.services import page_grappe, representation
from programme.socle.erreurs import Refus
from programme.socle.nombres import liste
from programme.views.grappes import grappe_visible
from programme.views.refus import exiger
from programme.views.requete import Requete

PAGE = "gouvernance:grappe-gouvernance"


@require_http_methods(["GET", "POST"])
def gouvernance(request: Requete, pk: int) -> HttpResponse:
    """Les instances, leur prochaine séance, ce que personne ne représente ; POST : créer les instances d'usage."""
    grappe = grappe_visible(request, pk)
    exiger(peut_lire_gouvernance(request.user, grappe))
    conduit = peut_tenir_instances(request.user, grappe)
    if request.method == "POST":
        exiger(conduit)
        try:
            creees = services.creer_usuelles(grappe=grappe, par=request.user)
        except Refus as refus:
            messages.warning(request, refus.motif)
        else:
            messages.success(request, f"{liste(creees)} : créés. Confiez-y des sièges ; vous y siégez déjà, sans voix.")
        return redirect(PAGE, pk=pk)
    au = timezone.localdate()
    page = page_grappe.lire_la_grappe(grappe, request.user, au)
    suit = any(i.suivie for i in page.instances)
    contexte = {"grappe": grappe, "page": page, "conduit": bool(conduit), "suit": suit, "aujourdhui": au}
    return render(request, "gouvernance/grappe_gouvernance.html", contexte)


@require_safe
def grappe_representation(request: Requete, pk: int) -> HttpResponse:
    """Le dessin et la table de qui représente qui ; `?instance=` : dans celle-là seulement."""
    grappe = grappe_visible(request, pk)
    exiger(peut_lire_gouvernance(request.user, grappe))
    lue = representation.lire(grappe, request.user, timezone.localdate(), request.GET.get("instance", ""))
    contexte = {
        "grappe": grappe,
        "lue": lue,
        "conduit": bool(peut_tenir_instances(request.user, grappe)),
        "sans": [ligne for ligne in lue.lignes if not ligne.est_representee],
        "representes": [ligne for ligne in lue.lignes if ligne.est_representee],
    }
    return render(request, "gouvernance/grappe_representation.html", contexte)
