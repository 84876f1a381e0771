"""« Mes rappels » : ce que je reçois par courriel, quand, et le geste pour ne plus rien recevoir."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from programme.forms.rappels import ReglagesRappelForm
from programme.models import PreferenceRappel
from programme.services import rappels as services
from programme.services.contenu_rappel import composer
from programme.socle.a_faire import demande_de, lues
from programme.views.requete import Requete
from programme.views.saisies import saisir


@require_http_methods(["GET", "POST"])
def regler(request: Requete) -> HttpResponse:
    """Régler sa cadence ; à côté, ce que dirait le prochain rappel."""
    au = timezone.localdate()
    reglages = services.reglages_de(request.user, au)
    formulaire = ReglagesRappelForm(request.POST if request.method == "POST" else None, preference=reglages.preference)
    return saisir(
        request,
        formulaire,
        lambda: services.regler(par=request.user, **formulaire.cleaned_data),
        retour=reverse("programme:rappel-regler"),
        succes=_en_mots,
        gabarit="programme/rappel_regler.html",
        reglages=reglages,
        apercu=composer(lues(demande_de(request, au)), au),
        aujourdhui=au,
    )


@require_POST
def couper(request: Requete) -> HttpResponse:
    """Plus aucun rappel, en un clic ; la page propose aussitôt d'annuler."""
    services.couper(par=request.user)
    messages.success(request, "Vous ne recevrez plus de rappel par courriel.")
    return redirect("programme:rappel-regler")


@require_POST
def retablir(request: Requete) -> HttpResponse:
    """Les rappels reprennent, comme avant."""
    preference = services.retablir(par=request.user)
    messages.success(request, _en_mots(preference))
    return redirect("programme:rappel-regler")


def _en_mots(preference: PreferenceRappel) -> str:
    return f"Vos rappels : {preference.en_mots}."
