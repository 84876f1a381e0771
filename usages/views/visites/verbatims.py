"""Les verbatims d'une visite : les lire par thème, en garder un sur place."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.enums import ThemeEffet
from usages.forms.visites_verbatims import VerbatimDeVisiteForm
from usages.permissions import peut_ecrire_dans_l_etude, peut_noter_un_accord
from usages.services.visites import verbatims as services
from usages.views.visites.commun import visite_lue


def _page(pk: int, theme: str) -> str:
    suite = f"?{urlencode({'theme': theme})}" if theme else ""
    return f"{reverse('usages:visite-verbatims', args=[pk])}{suite}"


@require_http_methods(["GET", "POST"])
def liste(request: Requete, pk: int) -> HttpResponse:
    """Les mots recueillis, par thème ; en garder un de plus, du même thème que le dernier."""
    visite = visite_lue(request, pk)
    ecrit = peut_ecrire_dans_l_etude(request.user, visite)
    if request.method == "POST":
        exiger(ecrit)
    theme = request.GET.get("theme", "")
    theme = theme if theme in ThemeEffet.values else ""
    formulaire = VerbatimDeVisiteForm(request.POST or None, initial={"theme": theme})
    contexte: dict[str, Any] = {"visite": visite, "theme": theme, "themes": ThemeEffet.choices, "ecrit": bool(ecrit)}
    contexte["ouverte"] = visite.etat in services.RECUEILLENT
    contexte["note"] = bool(peut_noter_un_accord(request.user, visite))
    contexte["rangees"] = services.par_theme(visite, theme)
    return saisir(
        request,
        formulaire,
        lambda: services.garder_verbatim(visite=visite, par=request.user, **formulaire.cleaned_data),
        retour=reverse("usages:visite-verbatims", args=[pk]),
        vers=lambda garde: _page(pk, garde.theme),
        succes=lambda garde: f"Gardé. {garde.verdict.raison}",
        gabarit="usages/visite_verbatims.html",
        **contexte,
    )
