"""L'entonnoir d'une étude : le dessin et son tableau, étape par étape, le chemin d'une unité, l'export."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from programme.socle import exports
from programme.socle.emporter import CSV, TYPES
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde
from programme.views.requete import Requete
from usages.calculs.faits_entonnoir import faits_dits
from usages.enums import GenreEtape
from usages.services.etudes import lecture
from usages.services.etudes.entonnoir import derouler_etude
from usages.services.etudes.modele import partir_du_modele
from usages.services.etudes.remplacants import empeches_de
from usages.views.etudes.etude import ENTONNOIR, conduit, etude_visible, exiger_conduite

PAR_PAGE = 50
RETENUES, ECARTEES = "retenues", "ecartees"


@require_safe
def entonnoir(request: Requete, pk: int) -> HttpResponse:
    """Tout l'entonnoir ; `?etape=&quoi=` : la liste entière de ce qu'une étape retient, ou écarte, par pages."""
    etude = etude_visible(request, pk)
    deroule = derouler_etude(etude)
    lues = lecture.etapes_lues(deroule)
    if voulue := request.GET.get("etape"):
        return _une_etape(request, etude, lues, voulue)
    figees = [e.pk for e in deroule.etapes if e.est_figee]
    contexte = {
        "etude": etude,
        "conduit": conduit(request, etude),
        "deroule": deroule,
        "lues": lues,
        "etages": lecture.dessin_de(lues),
        "montrees": lecture.MONTREES,
        "en_une_ligne": lecture.en_une_ligne(deroule),
        "empeches": empeches_de(etude, deroule),
        "genres": GenreEtape.choices,
        "derniere_figee": figees[-1] if figees else None,
        "prochaine": next((e.pk for e in deroule.etapes if not e.est_figee), None),
    }
    return render(request, "usages/etude_entonnoir.html", contexte)


def _une_etape(request: Requete, etude: Any, lues: list[lecture.EtapeLue], code: str) -> HttpResponse:
    lue = next((e for e in lues if e.etape.code == code and e.resultat), None)
    if lue is None:
        raise Http404
    quoi = ECARTEES if request.GET.get("quoi") == ECARTEES else RETENUES
    decisions = lue.ecartees if quoi == ECARTEES else lue.retenues
    page = Paginator(decisions, PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {"etude": etude, "lue": lue, "quoi": quoi, "page": page}
    return render(request, "usages/etude_etape.html", contexte)


@require_safe
def pourquoi(request: Requete, pk: int, ref: str) -> HttpResponse:
    """Le chemin d'une unité, de la base à la fin : ce qu'on en a décidé, et pourquoi."""
    etude = etude_visible(request, pk)
    deroule = derouler_etude(etude)
    toutes = {u.ref: u for u in deroule.entonnoir.base}
    toutes |= {d.unite.ref: d.unite for r in deroule.entonnoir.resultats for d in r.decisions}
    unite = toutes.get(ref)
    if unite is None:
        raise Http404
    chemin = deroule.entonnoir.pourquoi(ref)
    contexte = {
        "etude": etude,
        "unite": unite,
        "chemin": chemin,
        "faits": faits_dits(unite),
        "finale": any(u.ref == ref for u in deroule.entonnoir.sorties),
        "faute": deroule.faute,
    }
    return render(request, "usages/etude_pourquoi.html", contexte)


@require_safe
def en_csv(request: Requete, pk: int) -> StreamingHttpResponse:
    """Une ligne par unité et par étape."""
    etude = etude_visible(request, pk)
    lignes = lecture.lignes_a_emporter(derouler_etude(etude))
    nom = f"entonnoir-{etude.pk}-{timezone.localdate():%Y-%m-%d}.csv"
    entete = {"Content-Disposition": f'attachment; filename="{nom}"'}
    flux = exports.csv_en_flux(lecture.ENTETES, lignes)
    return StreamingHttpResponse(flux, content_type=TYPES[CSV], headers=entete)


@require_POST
def modele(request: Requete, pk: int) -> HttpResponse:
    """Poser l'entonnoir publié par la CNSA, prêt à régler."""
    etude = etude_visible(request, pk)
    exiger_conduite(request, etude)
    try:
        posees = partir_du_modele(etude=etude, par=request.user)
    except Refus as refus:
        messages.error(request, refus.motif)
    else:
        dit = f"{accorde(len(posees), 'étape posée,étapes posées')}. Réglez chacune, puis figez-les dans l'ordre."
        messages.success(request, dit)
    return redirect(ENTONNOIR, pk=pk)
