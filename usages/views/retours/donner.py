"""Donner un retour depuis son compte : avec son nom, ou sans."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gouvernance.views.journal import parcours_visible
from programme.models import Parcours
from programme.socle.depots import envoi_trop_gros
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.forms.retours_capture import DonnerForm
from usages.models import LienDeRetour
from usages.permissions import peut_donner_un_retour
from usages.services.retours import capture as services


def _liens(parcours: Parcours) -> list[tuple[str, str]]:
    """Les pages à garder sur un téléphone : une par lien ouvert, la plus récente de chaque unité."""
    ouverts = LienDeRetour.objects.ouverts(timezone.localdate()).filter(parcours=parcours).pour_lecture()
    par_unite: dict[Any, LienDeRetour] = {}
    for lien in ouverts:
        par_unite.setdefault(lien.unite_id, lien)
    return [(str(lien), reverse("usages:retour-lien", args=[lien.jeton])) for lien in par_unite.values()]


def _dire(recu: services.Recu) -> str:
    merci = "Votre retour est reçu, merci : vous lirez ici ce qu'il devient."
    if recu.retour.auteur is None:
        merci = "Votre retour est reçu, merci. Rien n'y dit qui l'a donné."
    return f"{merci} {recu.photo}".strip()


@require_http_methods(["GET", "POST"])
def donner(request: Requete, pk: int) -> HttpResponse:
    """Donner un retour sur cet ESMS : qui en lit la préparation."""
    parcours = parcours_visible(request, pk)
    exiger(peut_donner_un_retour(request.user, parcours))
    envoi = (request.POST, request.FILES) if request.method == "POST" else ()
    formulaire = DonnerForm(*envoi, offre=services.offre_de(parcours, None, timezone.localdate()))
    return saisir(
        request,
        formulaire,
        lambda: services.deposer(
            parcours=parcours,
            depot=formulaire.depot(),
            photo=formulaire.cleaned_data["photo"],
            trop_lourd=envoi_trop_gros(request),
            par=request.user,
        ),
        retour=reverse("usages:parcours-retours", args=[pk]),
        succes=_dire,
        gabarit="usages/retour_donner.html",
        parcours=parcours,
        titre="Donner un retour",
        libelle="Envoyer",
        liens=_liens(parcours),
    )
