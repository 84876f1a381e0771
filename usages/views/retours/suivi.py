"""Suivre un retour par son code, sans compte."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from programme.views.discretion import discrete
from usages.forms.retours_capture import SuiviForm
from usages.services.retours import debit
from usages.services.retours.suivi import lire
from usages.views.retours.capture import page

INCONNU = "Aucun retour n'a ce code : vérifiez celui que vous avez noté."


# Sans session ni compte : il n'y a rien à détourner, et le code envoyé ne fait que lire.
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@discrete
def suivi(request: HttpRequest) -> HttpResponse:
    """Où en est le retour de ce code. Le code part dans le corps, jamais dans l'adresse, qu'un journal garderait."""
    formulaire = SuiviForm(request.POST if request.method == "POST" else None)
    lu, status = None, 200
    if request.method == "POST":
        try:
            debit.compter_un_code(adresse=debit.adresse_de(request.META))
        except debit.TropDEnvois as trop:
            formulaire.add_error(None, trop.motif)
            reponse = page("retour_suivi", {"formulaire": formulaire}, 429)
            reponse["Retry-After"] = str(trop.secondes)
            return reponse
        lu = lire(formulaire.cleaned_data["code"], timezone.localdate()) if formulaire.is_valid() else None
        if formulaire.is_valid() and lu is None:
            formulaire.add_error("code", INCONNU)
        status = 200 if lu else 422
    return page("retour_suivi", {"formulaire": formulaire, "lu": lu}, status)
