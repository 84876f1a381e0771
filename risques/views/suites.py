"""Donner suite à ce qui inquiète : retenir tel quel, corriger avant de retenir, écarter avec un motif."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from programme.contexte import oublier_le_compte
from programme.models import Parcours
from programme.services.actions import comptes_proposes
from programme.socle.dates import date_courte
from programme.socle.erreurs import Refus
from programme.views.refus import exiger, tenter
from programme.views.requete import Requete
from programme.views.saisies import avertir
from risques.forms.registre import EcarterForm, OrigineForm, SuiteForm
from risques.models import SuiteDonnee
from risques.permissions import peut_tenir_risque
from risques.services import suites as services


def _proposee(request: Requete) -> services.Proposee:
    """Ce que désigne l'adresse ou la saisie ; 404 si le lecteur n'en lit pas la réponse, ou si elle n'inquiète pas."""
    origine = OrigineForm(request.POST if request.method == "POST" else request.GET).origine()
    proposee = services.trouver(request.user, origine) if origine else None
    if proposee is None:
        raise Http404("rien à retenir")
    exiger(peut_tenir_risque(request.user, proposee.cible))
    return proposee


def _retour(request: Requete, proposee: services.Proposee) -> str:
    """La page d'où l'on vient, si elle est d'ici ; à défaut, celle des risques de l'ESMS ou de la grappe."""
    donnes = request.POST if request.method == "POST" else request.GET
    retour = donnes.get("retour", "")
    if retour.startswith("/") and url_has_allowed_host_and_scheme(retour, allowed_hosts=None):
        return retour
    if isinstance(proposee.cible, Parcours):
        return reverse("risques:parcours-risques", args=[proposee.cible.pk])
    return f"{reverse('risques:risque-liste')}?grappe={proposee.cible.pk}"


@require_http_methods(["GET", "POST"])
def donner(request: Requete) -> HttpResponse:
    """GET : la proposition à corriger ou à écarter. POST, `geste` : « tel-quel », « retenir » ou « ecarter »."""
    proposee = _proposee(request)
    geste, retour = request.POST.get("geste", ""), _retour(request, proposee)
    if deja := services.suite_de(proposee):
        messages.info(request, f"{services.DEJA} Elle est {deja.get_issue_display().lower()}.")
        return redirect(retour)
    comptes = comptes_proposes([proposee.cible], timezone.localdate())
    garder = SuiteForm(request.POST if geste == "retenir" else None, proposee=proposee, comptes=comptes)
    ecarter = EcarterForm(request.POST if geste == "ecarter" else None)
    if suite := _executer(request, proposee, geste, garder, ecarter):
        messages.success(request, _annonce(suite))
        return oublier_le_compte(redirect(retour))
    contexte = {"proposee": proposee, "formulaire": garder, "ecarter": ecarter, "retour": retour}
    return render(request, "risques/suite_saisie.html", contexte, status=422 if request.method == "POST" else 200)


def _executer(
    request: Requete, proposee: services.Proposee, geste: str, garder: SuiteForm, ecarter: EcarterForm
) -> SuiteDonnee | None:
    """La suite écrite, ou None si la saisie est à reprendre."""
    par: Any = request.user
    if geste == "tel-quel":
        try:
            return services.retenir(proposee=proposee, par=par, **services.valeurs_proposees(proposee, par))
        except Refus as refus:
            messages.warning(request, refus.motif)
            return None
    if geste == "retenir" and garder.is_valid():
        avertir(request, garder)
        return tenter(garder, lambda: services.retenir(proposee=proposee, par=par, **garder.retenus()))
    if geste == "ecarter" and ecarter.is_valid():
        motif = ecarter.cleaned_data["motif"]
        return tenter(ecarter, lambda: services.ecarter(proposee=proposee, par=par, motif=motif))
    return None


def _annonce(suite: SuiteDonnee) -> str:
    retenus = [f"l’action « {suite.action} »"] if suite.action else []
    retenus += [f"le risque « {suite.risque} »"] if suite.risque else []
    if not retenus:
        return "Proposition écartée ; le motif est gardé."
    return f"Retenu : {' et '.join(retenus)}. {_qui_s_en_charge(suite)}"


def _qui_s_en_charge(suite: SuiteDonnee) -> str:
    """À qui, pour quand ; ou que personne n'en répond encore."""
    action, risque = suite.action, suite.risque
    qui = (action.nom_du_responsable if action else "") or (risque.nom_du_proprietaire if risque else "")
    if not qui:
        return "Personne ne s’en charge encore : ouvrez-le pour choisir qui."
    echeance = action.echeance if action else None
    pour = f", pour le {date_courte(echeance)}" if echeance else ""
    return f"S’en charge : {qui}{pour} ; cela se change sur sa page."
