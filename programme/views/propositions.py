"""La cheffe de projet propose le même passage à plusieurs directions."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from programme import a_faire
from programme.enums import Role
from programme.forms.propositions import ProposerEnLotForm
from programme.models import Parcours
from programme.permissions import CONDUITE_AU_CHEF_DE_PROJET
from programme.services import propositions as services
from programme.services.parcours import PASSAGES_DU_DIRECTEUR
from programme.socle.a_faire import Demande, demande_de
from programme.socle.dates import date_courte
from programme.socle.droits import Droit
from programme.socle.nombres import accorde
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir


def _transition(request: Requete, demande: Demande) -> str:
    """Celle que la page nomme ; à défaut, la première qui a de quoi être proposée."""
    demandee = request.POST.get("transition") or request.GET.get("transition")
    if demandee and demandee not in PASSAGES_DU_DIRECTEUR:
        raise Http404("passage inconnu")
    return demandee or next(iter(a_faire.a_proposer(demande)), PASSAGES_DU_DIRECTEUR[0])


def _choix(demande: Demande, transition: str, cochees: set[str]) -> list[tuple[Parcours, str]]:
    """ESMS conduits qui attendent ce passage, et ceux qu'on a cochés : date prévue, ou ce qui les écartera."""
    conduits = [v.parcours for v in a_faire.parcours_vus(demande) if Role.CHEF_PROJET in v.roles]
    possibles = [p for p in conduits if p.prochaine == transition or str(p.pk) in cochees]
    dates, vacants = services.dates_prevues(possibles, transition), services.sans_direction(possibles)
    precisions = {p.pk: f"visée {date_courte(dates[p.pk])}" if p.pk in dates else "" for p in possibles}
    return [(p, services.SANS_DIRECTION if p.pk in vacants else precisions[p.pk]) for p in possibles]


def _annoncer_les_ecartes(request: Requete, envoi: services.Envoi) -> services.Envoi:
    if envoi.ecartes:
        nombre = accorde(len(envoi.ecartes), "ESMS écarté,ESMS écartés")
        messages.warning(request, f"{nombre} : {services.en_clair(envoi.ecartes)}.")
    return envoi


@require_http_methods(["GET", "POST"])
def proposer_en_lot(request: Requete) -> HttpResponse:
    """Cocher les ESMS, une date commune ou la leur, un mot : chaque direction reçoit sa proposition."""
    exiger(Droit(request.user.perimetre.tient(Role.CHEF_PROJET), CONDUITE_AU_CHEF_DE_PROJET))
    demande = demande_de(request, timezone.localdate())
    transition = _transition(request, demande)
    choix = _choix(demande, transition, set(request.POST.getlist("parcours")))
    prets = {p.pk for p in a_faire.a_proposer(demande).get(transition, [])}
    coches = [p.pk for p, precision in choix if p.pk in prets and precision != services.SANS_DIRECTION]
    initial = {"transition": transition, "parcours": coches}
    formulaire = ProposerEnLotForm(request.POST or None, choix=choix, initial=initial)
    verbe = str(Parcours.transitions()[transition].custom["verbe"]).lower()

    def ecrire() -> services.Envoi:
        valeurs: dict[str, Any] = dict(formulaire.cleaned_data)
        cles = set(valeurs.pop("parcours"))
        cibles = [p for p, _ in choix if p.pk in cles]
        envoi = services.proposer_en_lot(parcours=cibles, par=request.user, **valeurs)
        return _annoncer_les_ecartes(request, envoi)

    return saisir(
        request,
        formulaire,
        ecrire,
        retour=reverse("programme:accueil"),
        succes=lambda envoi: f"{accorde(len(envoi.faites), 'passage proposé,passages proposés')} : {verbe}.",
        gabarit="programme/propositions.html",
        titre=f"Proposer : {verbe}",
        libelle="Proposer aux directions cochées",
        possibles=choix,
    )
