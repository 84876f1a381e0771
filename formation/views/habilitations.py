"""« Droits d'accès » : la page d'une grappe, celle d'un ESMS."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from formation.models import Matrice
from formation.permissions import (
    peut_lire_formation,
    peut_preparer_matrice,
    peut_tenir_les_profils,
    peut_valider_matrice,
)
from formation.services import page_habilitations as lecture
from formation.services import profils as services
from programme.contexte import oublier_le_compte
from programme.models import Grappe, Parcours
from programme.socle.erreurs import Refus
from programme.views.grappes import grappe_visible
from programme.views.refus import exiger
from programme.views.requete import Requete

LUS = ("esms__og", "esms__departement__region", "grappe__region")


def parcours_lisible(request: Requete, pk: int) -> Parcours:
    """L'ESMS dont on lit les droits d'accès : 404 hors périmètre, 403 pour qui n'y est que financeur."""
    parcours: Parcours = get_object_or_404(Parcours.objects.visibles_par(request.user).select_related(*LUS), pk=pk)
    exiger(peut_lire_formation(request.user, parcours))
    return parcours


@require_http_methods(["GET", "POST"])
def grappe(request: Requete, pk: int) -> HttpResponse:
    """Les profils, le modèle, où en est chaque ESMS ; POST : partir de la matrice type."""
    lue = grappe_visible(request, pk)
    exiger(peut_lire_formation(request.user, lue))
    conduit = peut_tenir_les_profils(request.user, lue)
    if request.method == "POST":
        exiger(conduit)
        return _partir_du_type(request, lue)
    contexte = {
        "grappe": lue,
        "page": lecture.lire_la_grappe(lue, request.user, timezone.localdate()),
        "conduit": bool(conduit),
    }
    return render(request, "formation/grappe_habilitations.html", contexte)


def _partir_du_type(request: Requete, lue: Grappe) -> HttpResponse:
    try:
        modele = services.partir_du_type(grappe=lue, par=request.user)
    except Refus as refus:
        messages.warning(request, refus.motif)
        return redirect("formation:grappe-habilitations", pk=lue.pk)
    messages.success(
        request,
        f"Les profils types sont créés, et le modèle n° {modele.numero} est rempli d’après la matrice type : "
        "corrigez ce qui ne vaut pas chez vous.",
    )
    return oublier_le_compte(redirect("formation:matrice-detail", pk=modele.pk))


@require_safe
def esms(request: Requete, pk: int) -> HttpResponse:
    """La matrice qui fait foi, celle en travail, l'écart au modèle, qui décide, le prochain geste."""
    parcours = parcours_lisible(request, pk)
    page = lecture.lire_l_esms(parcours, timezone.localdate())
    variante = page.suivie or Matrice(grappe=parcours.grappe, parcours=parcours)
    prepare = bool(peut_preparer_matrice(request.user, parcours))
    contexte = {
        "parcours": parcours,
        "page": page,
        "prepare": prepare,
        "reprend": prepare and variante.se_modifie,
        "decide": bool(peut_valider_matrice(request.user, variante)),
    }
    return render(request, "formation/parcours_habilitations.html", contexte)
