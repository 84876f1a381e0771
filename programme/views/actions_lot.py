"""Gestes groupés sur les actions choisies dans leur liste."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from programme.forms.actions import FORMULAIRES
from programme.services.gestes_actions import GESTES
from programme.views.actions import ActionListe
from programme.views.lot import Famille, mener
from programme.views.requete import Requete

ACTIONS = Famille(
    liste=ActionListe,
    route="programme:action-liste",
    gestes=GESTES,
    formulaires=FORMULAIRES,
    unite="action",
    choisis="action choisie,actions choisies",
    nom="Action",
    lieu="Pour",
    personne="Cochez au moins une action, puis choisissez le geste.",
)


@require_http_methods(["GET", "POST"])
def action_lot(request: Requete) -> HttpResponse:
    """Un geste sur les actions choisies."""
    return mener(request, ACTIONS)
