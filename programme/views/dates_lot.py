"""Réviser sur une page les dates dépassées de plusieurs ESMS."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from programme import a_faire
from programme.enums import Role
from programme.forms.dates import DatesEnLotForm
from programme.models import Etape
from programme.permissions import SAISIE_RESERVEE
from programme.services import dates as services
from programme.socle.a_faire import demande_de
from programme.socle.droits import Droit
from programme.socle.nombres import accorde
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir


@require_http_methods(["GET", "POST"])
def reviser_en_lot(request: Requete) -> HttpResponse:
    """Une date par ESMS en retard ; ce qu'on laisse vide ne bouge pas."""
    p = request.user.perimetre
    exiger(Droit(p.tient(Role.DIRECTEUR) or p.tient(Role.CHEF_PROJET), SAISIE_RESERVEE))
    etapes = a_faire.etapes_depassees(demande_de(request, timezone.localdate()))
    formulaire = DatesEnLotForm(request.POST if request.method == "POST" else None, etapes=etapes)

    def ecrire() -> list[Etape]:
        changees = services.reviser_en_lot(revisions=formulaire.revisions(), par=request.user)
        if formulaire.perimees:
            nombre = accorde(formulaire.perimees, "ESMS n'était plus en retard,ESMS n'étaient plus en retard")
            messages.warning(request, f"{nombre} : rien n'y a bougé.")
        return changees

    return saisir(
        request,
        formulaire,
        ecrire,
        retour=reverse("programme:accueil"),
        succes=lambda changees: f"{accorde(len(changees), 'date révisée,dates révisées')}.",
        gabarit="programme/dates_en_lot.html",
        titre="Réviser les dates dépassées",
        libelle="Enregistrer les dates",
        etapes=etapes,
    )
