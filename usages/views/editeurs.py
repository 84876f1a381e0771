"""Les éditeurs d'une grappe, et la page d'un éditeur à porter en réunion."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme.documents.rendu import TYPE_PDF
from programme.models import Editeur, Grappe
from programme.views.grappes import grappe_visible
from programme.views.refus import exiger
from programme.views.requete import Requete
from usages.dessins.delais import barres, en_mots
from usages.documents import editeur as document
from usages.permissions import peut_lire_usages, peut_suivre_les_editeurs
from usages.services.editeurs import lecture as services


def _grappe_lue(request: Requete, pk: int) -> Grappe:
    """La grappe : 404 hors périmètre, 403 pour qui n'y est que financeur."""
    grappe = grappe_visible(request, pk)
    exiger(peut_lire_usages(request.user, grappe))
    return grappe


def _lecture(request: Requete, pk: int, editeur: int) -> services.Lecture:
    """Ce que la grappe a à dire à cet éditeur ; 404 s'il n'en est pas un."""
    grappe = _grappe_lue(request, pk)
    vise = get_object_or_404(Editeur.objects.filter(pk__in=services.editeurs_de(grappe).values("pk")), pk=editeur)
    return services.lire(grappe, vise, request.user, timezone.localdate())


@require_safe
def grappe_editeurs(request: Requete, pk: int) -> HttpResponse:
    """Les éditeurs de la grappe : qui emploie quoi, ce qu'on attend d'eux, en combien de temps ils répondent."""
    grappe, au = _grappe_lue(request, pk), timezone.localdate()
    lus = services.lire_les_editeurs(grappe, request.user, au)
    contexte = {
        "grappe": grappe,
        "editeurs": [(lu, en_mots(lu.delais.mediane)) for lu in lus],
        "suit": bool(peut_suivre_les_editeurs(request.user, grappe)),
        "a_porter": list(services.a_porter(grappe, request.user)[: services.MONTREES]),
    }
    return render(request, "usages/grappe_editeurs.html", contexte)


@require_safe
def grappe_editeur(request: Requete, pk: int, editeur: int) -> HttpResponse:
    """Un éditeur, à porter en réunion : demandes, délais, irritants partagés, versions, tickets bloquants."""
    lu = _lecture(request, pk, editeur)
    contexte = {
        "grappe": lu.grappe,
        "lu": lu,
        "barres": barres(lu.tranches),
        "mediane": en_mots(lu.delais.mediane),
        "p90": en_mots(lu.delais.p90),
        "suit": bool(peut_suivre_les_editeurs(request.user, lu.grappe)),
    }
    return render(request, "usages/grappe_editeur.html", contexte)


@require_safe
def grappe_editeur_pdf(request: Requete, pk: int, editeur: int) -> HttpResponse:
    """La même page, sur papier."""
    fiche = document.fiche_de(_lecture(request, pk, editeur))
    entete = {"Content-Disposition": f'inline; filename="{fiche.nom}"'}
    return HttpResponse(fiche.en_pdf(), content_type=TYPE_PDF, headers=entete)
