"""Les relevés d'un ESMS : celui d'une période, ce qu'il en reste à faire."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme.documents.rendu import TYPE_PDF
from programme.models import Parcours
from programme.services.journal import passages_en_journal
from programme.views.refus import exiger
from programme.views.requete import Requete
from usages.documents.feuille import feuille_de
from usages.models import Releve
from usages.permissions import peut_demander_une_precision, peut_lire_usages, peut_saisir_chiffres
from usages.services.releves.page import Page, lire_ensemble, lire_page
from usages.services.releves.reunis import a_donner_avec, geste_de, reunis


def releve_visible(request: Requete, pk: int) -> Releve:
    """Le relevé, ou 404 pour qui ne le voit pas."""
    return get_object_or_404(Releve.objects.visibles_par(request.user).pour_lecture(), pk=pk)


@require_safe
def detail(request: Requete, pk: int) -> HttpResponse:
    """La grille, pour qui la remplit ; sinon les chiffres, où il en est, ce qu'on peut en demander."""
    releve = releve_visible(request, pk)
    if releve.est_en_saisie and peut_saisir_chiffres(request.user, releve):
        return rendre_grille(request, lire_ensemble(a_donner_avec(releve), request.user))
    return _lire(request, lire_page(releve, request.user))


def rendre_grille(request: Requete, page: Page, *, status: int = 200) -> HttpResponse:
    """La page la plus importante : quelques cases à taper, le reste déjà là."""
    contexte = {
        "releve": page.releve,
        "page": page,
        "fautifs": [c for c in page.chiffres if c.fautes or c.croisee],
        "en_retard": {r.pk for r in page.releves if r.est_en_retard(timezone.localdate())},
    }
    return render(request, "usages/releve_saisir.html", contexte, status=status)


def _lire(request: Requete, page: Page) -> HttpResponse:
    releve = page.releve
    valeur = page.chiffres[0].valeur if page.chiffres else None
    saisit = bool(peut_saisir_chiffres(request.user, releve))
    contexte: dict[str, Any] = {
        "releve": releve,
        "page": page,
        "histoire": passages_en_journal(releve),
        "demande": valeur is not None and bool(peut_demander_une_precision(request.user, valeur)),
        "saisit": saisit,
        "a_preciser": [c for c in page.chiffres if saisit and c.precision and c.precision.attend_l_esms],
    }
    return render(request, "usages/releve_detail.html", contexte)


@require_safe
def feuille(request: Requete, pk: int) -> HttpResponse:
    """La feuille vide du relevé et de ceux qui se donnent avec lui, à remplir au crayon puis à ressaisir."""
    releve = releve_visible(request, pk)
    exiger(peut_lire_usages(request.user, releve))
    ensemble = a_donner_avec(releve) if releve.est_en_saisie else [releve]
    vide = feuille_de(lire_ensemble(ensemble, request.user))
    entete = {"Content-Disposition": f'inline; filename="{vide.nom}"'}
    return HttpResponse(vide.en_pdf(), content_type=TYPE_PDF, headers=entete)


@require_safe
def du_parcours(request: Requete, pk: int) -> HttpResponse:
    """Les relevés d'un ESMS, du plus récent au plus ancien ; pour le financeur, ceux qui sont transmis."""
    lus = Parcours.objects.visibles_par(request.user).select_related("esms__departement", "grappe")
    parcours = get_object_or_404(lus, pk=pk)
    releves = Releve.objects.visibles_par(request.user).filter(parcours=parcours).avec_completude()
    siens = list(releves.order_by("-debut", "cadence")[:60])
    au = timezone.localdate()
    contexte = {
        "parcours": parcours,
        "a_transmettre": [
            {
                "releves": groupe,
                "geste": geste_de(groupe),
                "en_retard": {r.pk for r in groupe if r.est_en_retard(au)},
            }
            for groupe in sorted(reunis(r for r in siens if r.est_en_saisie), key=lambda g: min(r.echeance for r in g))
        ],
        "transmis": [r for r in siens if not r.est_en_saisie],
        "saisit": bool(peut_saisir_chiffres(request.user, parcours)),
    }
    return render(request, "usages/parcours_releves.html", contexte)
