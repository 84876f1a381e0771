"""Les notes d'une visite : les prendre, les recevoir de l'appareil, les relire, les corriger."""

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from programme.socle.erreurs import Refus
from programme.views.discretion import discrete
from programme.views.refus import tenter
from programme.views.requete import Requete
from programme.views.saisies import avertir, saisir
from usages.enums import EtatVisite
from usages.forms.visites_recueil import NoteEnvoyeeForm, NoteForm
from usages.models import NoteDeVisite, Visite
from usages.permissions import peut_ecrire_dans_l_etude
from usages.services.retours.croisements import empreinte_vue
from usages.services.visites import lecture
from usages.services.visites import notes as services
from usages.views.retours.hors_ligne import RACINE_DES_NOTES, installer
from usages.views.visites.commun import NOTES, ligne_ecrite, visite_ecrite, visite_lue, visite_vue

ILLISIBLE = "Cet envoi ne se lit pas : rechargez la page, puis renvoyez."
AUTRE_COMPTE = "Cette note a été écrite sous un autre compte : elle partira quand il se reconnectera."


@require_http_methods(["GET", "POST"])
@discrete
def prendre(request: Requete, pk: int) -> HttpResponse:
    """La page de terrain ; `?relire` : ce que l'équipe a noté. POST : envoyer sans script."""
    if "relire" in request.GET:
        return _relire(request, visite_lue(request, pk))
    visite = visite_ecrite(request, pk)
    if visite.etat == EtatVisite.PROPOSEE:
        raise PermissionDenied(services.PAS_ENCORE)
    formulaire = NoteEnvoyeeForm(request.POST or None, visite=visite)
    if request.method == "POST" and _garder(request, visite, formulaire):
        return redirect(NOTES, pk=pk)
    contexte = {
        "visite": visite,
        "formulaire": formulaire,
        "temps": list(visite.temps.all()),
        "trames": lecture.trames_sous_les_yeux(visite.etude),
        "racine": RACINE_DES_NOTES,
        "finie": "" if visite.se_prepare else services.PAS_LIEU,
    }
    return render(request, "usages/visite_notes.html", contexte, status=422 if formulaire.errors else 200)


def _garder(request: Requete, visite: Visite, formulaire: NoteEnvoyeeForm) -> bool:
    """Garde la note d'une page sans script ; faux si elle est refusée, et le formulaire dit pourquoi."""
    if not formulaire.is_valid():
        return False
    valeurs = formulaire.valeurs()
    if tenter(formulaire, lambda: services.recevoir_note(visite=visite, par=request.user, **valeurs)) is None:
        return False
    avertir(request, formulaire)
    messages.success(request, "Note reçue.")
    return True


def _relire(request: Requete, visite: Visite) -> HttpResponse:
    """Toutes les notes de la visite, par moment ; chacun corrige les siennes."""
    notes = list(visite.notes.select_related("temps", "prise_par"))
    notes.sort(key=lambda n: (n.temps is None, n.temps and (n.temps.jour, n.temps.debut) or (), n.pk))
    contexte = {
        "visite": visite,
        "notes": notes,
        "tient": bool(peut_ecrire_dans_l_etude(request.user, visite)),
        "note": bool(peut_ecrire_dans_l_etude(request.user, visite)) and visite.se_note,
    }
    return render(request, "usages/visite_relire.html", contexte)


def _lire_l_envoi(request: HttpRequest) -> dict[str, Any] | None:
    """Le JSON reçu, s'il en est un."""
    try:
        lu = json.loads(request.body)
        # Un demi-signe (demi-paire UTF-16) se lit, mais ne s'écrit nulle part.
        json.dumps(lu, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return lu if isinstance(lu, dict) else None


@require_POST
def envoyer(request: Requete, pk: int) -> HttpResponse:
    """Une note de l'appareil, en JSON : 201 gardée, 200 déjà là, 400 et le champ fautif, 403 et le motif."""
    lu = _lire_l_envoi(request)
    # Avant de chercher la visite : un autre compte n'a pas à la voir, et la note attend le sien.
    if lu and str(lu.get("compte") or request.user.pk) != str(request.user.pk):
        return JsonResponse({"motif": AUTRE_COMPTE, "autre_compte": True}, status=403)
    visite = visite_vue(request, pk)
    if not (droit := peut_ecrire_dans_l_etude(request.user, visite)):
        return JsonResponse({"motif": droit.motif}, status=403)
    if lu is None:
        return JsonResponse({"texte": [ILLISIBLE]}, status=400)
    formulaire = NoteEnvoyeeForm({n: v for n, v in lu.items() if isinstance(v, str | int)}, visite=visite)
    if not formulaire.is_valid():
        return JsonResponse(formulaire.errors, status=400)
    try:
        recue = services.recevoir_note(visite=visite, par=request.user, **formulaire.valeurs())
    except Refus as refus:
        return JsonResponse(refus.champs or {"motif": refus.motif}, status=400 if refus.champs else 403)
    return JsonResponse({"recu": True, "neuve": recue.neuve, "note": recue.note.pk}, status=201 if recue.neuve else 200)


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Corriger sa note."""
    note = ligne_ecrite(request, NoteDeVisite, pk)
    if note.prise_par_id != request.user.pk:
        raise PermissionDenied(services.PAS_LA_SIENNE)
    depart = {nom: getattr(note, nom) for nom in services.CHAMPS} | {"vu": empreinte_vue(note, services.CHAMPS)}
    formulaire = NoteForm(request.POST or None, visite=note.visite, initial=depart)
    return saisir(
        request,
        formulaire,
        lambda: services.corriger_note(
            note=note, par=request.user, vu=formulaire.cleaned_data["vu"], **formulaire.valeurs()
        ),
        retour=f"{reverse(NOTES, args=[note.visite_id])}?relire#note-{pk}",
        succes="La note est à jour.",
        relire=lambda: empreinte_vue(NoteDeVisite.objects.get(pk=pk), services.CHAMPS),
        gabarit="usages/visite_saisie.html",
        visite=note.visite,
        titre="Corriger la note",
        libelle="Enregistrer",
    )


@login_not_required
@require_safe
def manifeste(request: HttpRequest, pk: int) -> HttpResponse:
    """De quoi poser la page des notes d'une visite sur l'écran d'accueil. Rien n'y dit laquelle, ni si elle existe."""
    page = reverse(NOTES, args=[pk])
    return installer(
        "Notes de visite, Treille", "Notes", "Prendre des notes, même sans réseau.", page, RACINE_DES_NOTES
    )
