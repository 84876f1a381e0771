"""Donner un retour sans compte : la page du lien, et les liens que l'appareil connaît.

Aucune session n'est lue ni ouverte, aucun témoin n'est posé, aucun compte n'entre dans la page.
"""

import json
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from programme.socle.depots import envoi_trop_gros
from programme.socle.erreurs import Refus
from programme.socle.texte import signaux
from programme.views.discretion import discrete
from programme.views.refus import reporter
from usages.forms.retours_capture import CaptureForm
from usages.models import LienDeRetour
from usages.services.retours import capture as services
from usages.services.retours import debit
from usages.services.retours.liens import lien_de

CLOS = "Ce lien ne reçoit plus de retours : demandez le nouveau à la direction, ou à qui les recueille chez vous."
INCONNU = "Ce lien n'existe pas : vérifiez l'adresse sur l'affiche."
LANGUE = "application/json"


def page(gabarit: str, contexte: dict[str, Any], status: int = 200) -> HttpResponse:
    """Une page sans compte : rendue sans la requête, ni compte ni jeton de formulaire n'y entrent."""
    return HttpResponse(render_to_string(f"usages/{gabarit}.html", contexte), status=status)


# L'autorité est le jeton de l'adresse, et il n'y a pas de session à détourner : un jeton CSRF ne protégerait rien, et
# une page gardée hors ligne n'en aurait plus de valable.
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@discrete
def lien(request: HttpRequest, jeton: str) -> HttpResponse:
    """Le lien d'une unité : donner un retour, sans compte. Inconnu : 404 ; clos : 410, et ce qu'on a écrit reste."""
    en_json = LANGUE in request.headers.get("Accept", "")
    trouve = lien_de(jeton)
    if trouve is None:
        return _ferme(en_json, INCONNU, 404)
    au = timezone.localdate()
    if request.method == "POST":
        try:
            debit.compter_un_depot(jeton=jeton, adresse=debit.adresse_de(request.META))
        except debit.TropDEnvois as trop:
            return _trop(request, trouve, trop, en_json)
        return _recevoir(request, trouve, en_json)
    if not trouve.est_ouvert(au):
        return _ferme(en_json, CLOS, 410)
    return _montrer(trouve, _formulaire(trouve))


@login_not_required
@require_safe
@discrete
def liens(request: HttpRequest) -> HttpResponse:
    """Les liens que cet appareil connaît ; lui seul les sait, la page mène au dernier."""
    return page("retour_liens", {})


def _formulaire(trouve: LienDeRetour, *donnees: Any) -> CaptureForm:
    offre = services.offre_de(trouve.parcours, trouve.unite, timezone.localdate())
    return CaptureForm(*donnees, offre=offre, unite=trouve.unite)


def _montrer(trouve: LienDeRetour, formulaire: CaptureForm, status: int = 200, **de_plus: Any) -> HttpResponse:
    offre, sienne = formulaire.offre, formulaire.unite
    contexte = {
        "lien": trouve,
        "formulaire": formulaire,
        "offre": offre,
        "signaux": json.dumps(signaux()),
        "devinables": json.dumps(offre.devinables),
        "phrase": offre.devinables.get(sienne.pk, "") if sienne else services.SI_PETITE,
    }
    return page("retour_capture", contexte | de_plus, status)


def _ferme(en_json: bool, motif: str, status: int, **de_plus: Any) -> HttpResponse:
    if en_json:
        return JsonResponse({"motif": motif}, status=status)
    return page("retour_clos", {"motif": motif} | de_plus, status)


def _trop(request: HttpRequest, trouve: LienDeRetour, trop: debit.TropDEnvois, en_json: bool) -> HttpResponse:
    """429, et la page garde tout ce qui était écrit."""
    if en_json:
        reponse: HttpResponse = JsonResponse({"motif": trop.motif}, status=429)
    else:
        formulaire = _formulaire(trouve, request.POST)
        formulaire.add_error(None, trop.motif)
        reponse = _montrer(trouve, formulaire, 429)
    reponse["Retry-After"] = str(trop.secondes)
    return reponse


def _recevoir(request: HttpRequest, trouve: LienDeRetour, en_json: bool) -> HttpResponse:
    donnees = request.POST.copy()
    if en_json:
        # L'appareil a déjà averti, ou il est rangé dans une poche : personne n'est là pour relire.
        donnees["averti"] = "on"
    formulaire = _formulaire(trouve, donnees, request.FILES)
    if not trouve.est_ouvert(timezone.localdate()):
        if en_json and formulaire.is_valid() and services.deja_recu(trouve, formulaire.depot()):
            return JsonResponse({"recu": True, "neuf": False, "photo": ""})
        return _ferme(en_json, CLOS, 410, probleme=donnees.get("probleme"), amelioration=donnees.get("amelioration"))
    recu = _deposer(request, trouve, formulaire, en_json) if formulaire.is_valid() else None
    if recu is None:
        return JsonResponse(formulaire.errors, status=400) if en_json else _montrer(trouve, formulaire, 422)
    if en_json:
        return JsonResponse({"recu": True, "neuf": recu.neuf, "photo": recu.photo}, status=201 if recu.neuf else 200)
    return page("retour_merci", {"lien": trouve, "recu": recu}, 200)


def _deposer(
    request: HttpRequest, trouve: LienDeRetour, formulaire: CaptureForm, en_json: bool
) -> services.Recu | None:
    """Garde le retour ; None si le service le refuse, et le formulaire dit pourquoi."""
    geste = services.deposer if en_json else services.deposer_sans_script
    try:
        return geste(
            parcours=trouve.parcours,
            depot=formulaire.depot(),
            photo=formulaire.cleaned_data["photo"],
            trop_lourd=envoi_trop_gros(request),
            lien=trouve,
        )
    except Refus as refus:
        reporter(refus, formulaire)
        return None
