"""Coder les constats d'une visite, chacun de son côté ; puis voir où l'on est d'accord."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import avertir
from usages.forms.constats_codage import CodageForm, formulaires_de
from usages.models import Visite
from usages.permissions import peut_ecrire_dans_l_etude, peut_lire_les_codes
from usages.services.visites import codage as services
from usages.services.visites.accord import lire_accord
from usages.views.visites.commun import visite_lue

JSON = "application/json"


@require_http_methods(["GET", "POST"])
def coder(request: Requete, pk: int) -> HttpResponseBase:
    """Un constat après l'autre ; ce qui est complet s'enregistre, ce qui ne l'est pas reste à l'écran."""
    visite = visite_lue(request, pk)
    exiger(peut_ecrire_dans_l_etude(request.user, visite))
    constats = services.constats_a_coder(visite)
    codages = services.codages_de(visite, request.user)
    formulaires = formulaires_de(request.POST if request.method == "POST" else None, constats, codages)
    fautifs = []
    if request.method == "POST":
        fautifs = [f for f in formulaires if f.is_bound and not f.is_valid()]
        ecrits = _ecrire(request, visite, formulaires)
        faits = len(set(codages) | set(ecrits))
        if request.headers.get("Accept") == JSON:
            fautes = [faute for f in fautifs for siennes in f.errors.values() for faute in siennes]
            return JsonResponse({"ecrits": ecrits, "faits": faits, "sur": len(constats), "fautes": fautes})
        if not fautifs:
            return _suite(request, pk, formulaires, set(codages) | set(ecrits))
    contexte = {"visite": visite, "formulaires": formulaires, "fautifs": fautifs}
    contexte |= _avancement(request, visite, len(constats))
    return render(request, "usages/visite_codage.html", contexte, status=422 if fautifs else 200)


def _ecrire(request: Requete, visite: Visite, formulaires: list[CodageForm]) -> list[int]:
    """Enregistre ce qui est complet et neuf ; rend les constats écrits."""
    bons = [f for f in formulaires if f.is_bound and f.is_valid() and f.has_changed()]
    try:
        ecrits = services.coder(visite=visite, par=request.user, codes={f.constat.pk: f.cleaned_data for f in bons})
    except Refus as refus:
        messages.error(request, refus.motif)
        return []
    if request.headers.get("Accept") != JSON:
        for formulaire in bons:
            avertir(request, formulaire)
    return ecrits


def _suite(request: Requete, pk: int, formulaires: list[CodageForm], faits: set[int]) -> HttpResponse:
    """Où reprendre : au premier constat qui attend ; tout codé, à l'accord."""
    messages.success(
        request, f"Enregistré : {accorde(len(faits), 'constat codé,constats codés')} sur {len(formulaires)}."
    )
    reste = next((f.constat.pk for f in formulaires if f.constat.pk not in faits), None)
    ancre = f"#constat-{reste}" if reste else ""
    return redirect(f"{reverse('usages:visite-codage', args=[pk])}{ancre}")


def _avancement(request: Requete, visite: Visite, sur: int) -> dict[str, object]:
    tous = services.avancements(visite, sur)
    mien = next((a for a in tous if a.codeur == request.user), None)
    return {"avancements": tous, "mien": mien, "fini": bool(sur and mien and mien.a_fini)}


@require_safe
def accord(request: Requete, pk: int) -> HttpResponse:
    """L'accord des codeurs, et ce dont il faut parler ; à qui n'a pas fini, seulement où en est chacun."""
    visite = visite_lue(request, pk)
    droit = peut_lire_les_codes(request.user, visite)
    sur = len(services.constats_a_coder(visite))
    contexte = {"visite": visite, "lit": bool(droit), "motif": droit.motif, "sur": sur}
    contexte |= _avancement(request, visite, sur)
    if droit:
        contexte["page"] = lire_accord(visite)
    return render(request, "usages/visite_accord.html", contexte)
