"""Un fait daté, répondu une fois pour plusieurs ESMS : un groupe, un organisme, ou ceux que l'on coche."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from programme import a_faire
from programme.calculs.titres import TITRES_FAITS, libelle_de_date
from programme.enums import FAITS_A_DATER, NatureFait
from programme.forms.parcours import FaitCommunForm
from programme.models import Fait, Parcours
from programme.permissions import SAISIE_RESERVEE, peut_saisir
from programme.services import parcours as services
from programme.services.ensembles import Ensemble, ensembles_de, repondu_pour
from programme.socle.a_faire import Demande, demande_de
from programme.socle.conditions import conditions
from programme.socle.droits import Droit
from programme.socle.nombres import accorde
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir

COCHES = 12


def _a_repondre(demande: Demande, nature: str) -> tuple[list[Parcours], list[Parcours], list[Fait]]:
    """ESMS pour qui l'on peut dater ce fait : ceux qui le demandent aujourd'hui, tous, et les dates déjà données."""
    vus = {v.parcours.pk: v.parcours for v in a_faire.parcours_vus(demande)}
    faits = list(Fait.objects.filter(nature=nature, parcours__in=vus).order_by("parcours__esms__tri"))
    for fait in faits:
        fait.parcours = vus[fait.parcours_id]
    demandeurs = [vu.parcours for vu in a_faire.faits_manquants(demande).get(nature, [])]
    dates = {f.parcours_id for f in faits}
    saisis = [f for f in faits if peut_saisir(demande.utilisateur, f.parcours)]
    return demandeurs, [p for p in vus.values() if p.pk not in dates], saisis


@require_http_methods(["GET", "POST"])
def faits_communs(request: Requete, nature: str) -> HttpResponse:
    """Répondre une fois pour plusieurs ESMS."""
    if nature not in FAITS_A_DATER:
        raise Http404("fait inconnu")
    exiger(Droit(bool(a_faire.ACTIFS & set(request.user.perimetre.roles)), SAISIE_RESERVEE))
    demandeurs, possibles, faits = _a_repondre(demande_de(request, timezone.localdate()), nature)
    ensembles = ensembles_de(possibles)
    contexte = _contexte(nature) | {"possibles": possibles, "ensembles": ensembles}
    if coche := _ensemble_demande(request, ensembles):
        return _cocher(request, coche, possibles, faits, contexte)
    initial = {"parcours": [p.pk for p in demandeurs or possibles[:COCHES]]}
    formulaire = FaitCommunForm(request.POST or None, choix=possibles, faits=faits, initial=initial)
    formulaire.fields["date"].label = libelle_de_date(nature)
    return saisir(
        request,
        formulaire,
        lambda: services.dater_fait(nature=nature, par=request.user, **formulaire.valeurs()),
        retour=reverse("programme:accueil"),
        succes=lambda ecrits: _en_mots(nature, ecrits, ensembles),
        gabarit="programme/faits_communs.html",
        **contexte,
    )


def _contexte(nature: str) -> dict[str, Any]:
    return {
        "titre": TITRES_FAITS[NatureFait(nature)],
        "libelle": "Répondre pour les ESMS cochés",
        "condition": conditions.get(nature),
        "nature": nature,
    }


def _ensemble_demande(request: Requete, ensembles: list[Ensemble]) -> Ensemble | None:
    code = request.POST.get("cocher", "")
    return next((e for e in ensembles if e.code == code), None)


def _cocher(
    request: Requete, coche: Ensemble, possibles: list[Parcours], faits: list[Fait], contexte: dict[str, Any]
) -> HttpResponse:
    """La même page, les ESMS de cet ensemble cochés, la saisie gardée ; rien n'est écrit."""
    gardes = {nom: request.POST.get(nom, "") for nom in ("date", "reference", "note")}
    initial = gardes | {"parcours": list(coche.parcours), "remplacer": request.POST.getlist("remplacer")}
    formulaire = FaitCommunForm(choix=possibles, faits=faits, initial=initial)
    formulaire.fields["date"].label = libelle_de_date(contexte["nature"])
    contexte |= {"formulaire": formulaire, "coche": coche, "retour": reverse("programme:accueil")}
    return render(request, "programme/faits_communs.html", contexte)


def _en_mots(nature: str, faits: list[Fait], ensembles: list[Ensemble]) -> str:
    phrase = f"{NatureFait(nature).label} : c'est daté pour {accorde(len(faits), 'ESMS,ESMS')}"
    couverts = repondu_pour(ensembles, [f.parcours_id for f in faits])
    return f"{phrase}, répondu une fois pour {couverts}." if couverts else f"{phrase}."
