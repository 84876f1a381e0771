"""Le moment d'un ESMS : le choisir, le proposer, dire ce qui occupe l'ESMS ; et, pour la grappe, ce qui attend qui."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from programme import permissions
from programme.calculs.capacite import dire_demandee
from programme.contexte import oublier_le_compte
from programme.enums import A_ACCOMPAGNER, EtatMoment
from programme.forms.moments import ChoisirVagueForm, ProposerVagueForm
from programme.models import Moment, Parcours
from programme.services import moments as services
from programme.services.lecture_parcours import qui_decide
from programme.socle.nombres import accorde
from programme.views.genres import CONFLIT
from programme.views.grappes import grappe_visible
from programme.views.lignes import montrer_les_blocs, page_de_blocs, parcours_a_preparer
from programme.views.passages import histoires_de
from programme.views.refus import exiger, tenter
from programme.views.requete import Requete
from programme.views.saisies import avertir, saisir

GABARIT = "programme/parcours_moment.html"


@require_http_methods(["GET", "POST"])
def parcours_moment(request: Requete, pk: int) -> HttpResponse:
    """Les vagues face à cet ESMS : la direction choisit, le chef de projet propose ; ses conflits, ligne à ligne."""
    parcours = parcours_a_preparer(request, pk)
    if request.method == "POST" and "genre" not in request.POST:
        return _choisir(request, parcours)
    return page_de_blocs(request, parcours, (CONFLIT,), GABARIT, **_contexte(request, parcours))


def _choisir(request: Requete, parcours: Parcours) -> HttpResponse:
    exiger(permissions.peut_choisir_vague(request.user, parcours))
    contexte = _contexte(request, parcours, request.POST)
    formulaire = contexte["formulaire"]
    if formulaire is not None and formulaire.is_valid():
        geste = services.choisir_vague if contexte["decide"] else services.proposer_vague
        moment = tenter(formulaire, lambda: geste(parcours=parcours, par=request.user, **formulaire.cleaned_data))
        if moment:
            avertir(request, formulaire)
            messages.success(request, f"{parcours} : {_annonce(moment)}")
            return oublier_le_compte(redirect("programme:parcours-moment", pk=parcours.pk))
    return montrer_les_blocs(request, parcours, (CONFLIT,), GABARIT, status=422, **contexte)


def _annonce(moment: Moment) -> str:
    vague: Any = moment.vague
    if moment.etat == EtatMoment.DEMANDE:
        return dire_demandee(vague.numero, vague.capacite)
    if moment.etat == EtatMoment.PROPOSE:
        return f"{vague} proposée à la direction."
    return f"{vague} retenue."


def _contexte(request: Requete, parcours: Parcours, donnees: Any = None) -> dict[str, Any]:
    au, par = timezone.localdate(), request.user
    connus = list(parcours.moments.pour_lecture())
    histoires = histoires_de(connus)
    en_cours = next((m for m in connus if m.est_en_cours), None)
    offertes = services.vagues_offertes(parcours, par, au)
    ouvert = parcours.etat in A_ACCOMPAGNER
    a_choisir = [o.vague for o in offertes if not o.finie and not o.actuelle]
    choisit = bool(permissions.peut_choisir_vague(par, parcours)) and en_cours is None and ouvert and bool(a_choisir)
    return {
        "ici": "moment",
        "offertes": offertes,
        "en_cours": en_cours,
        "histoire": [(m, histoires[m.pk]) for m in connus],
        "formulaire": ChoisirVagueForm(donnees, vagues=a_choisir) if choisit else None,
        "choisie": (donnees or {}).get("vague", ""),
        "decide": bool(permissions.peut_decider_du_moment(par, parcours)),
        "ouvert": ouvert,
        "discret": bool(
            en_cours and en_cours.etat == EtatMoment.DEMANDE and not permissions.peut_conduire(par, parcours)
        ),
        "qui_decide": qui_decide(parcours, au),
        "conduit": bool(permissions.peut_conduire(par, parcours)),
    }


@require_GET
def moment_detail(request: Requete, pk: int) -> HttpResponse:
    """Un échange se lit sur la page de son ESMS."""
    moment = get_object_or_404(Moment.objects.visibles_par(request.user), pk=pk)
    return redirect("programme:parcours-moment", pk=moment.parcours_id)


@require_http_methods(["GET", "POST"])
def grappe_moments(request: Requete, pk: int) -> HttpResponse:
    """Places par vague, ce qui attend chacun, désaccords portés au COMOP ; proposer une vague à plusieurs."""
    grappe = grappe_visible(request, pk)
    exiger(permissions.peut_lire_grille(request.user, grappe))
    conduit = permissions.peut_conduire(request.user, grappe)
    if request.method == "POST":
        exiger(conduit)
    attentes = services.attentes(grappe, request.user)
    vagues = services.places(grappe, request.user, timezone.localdate())
    ouvertes = [p.vague for p in vagues if not p.finie]
    formulaire = ProposerVagueForm(request.POST or None, vagues=ouvertes, parcours=attentes.a_proposer)
    return saisir(
        request,
        formulaire,
        lambda: services.proposer_aux_cochees(par=request.user, **formulaire.cleaned_data),
        retour=reverse("programme:grappe-moments", args=[pk]),
        succes=lambda faits: (
            f"{formulaire.cleaned_data['vague']} proposée à "
            f"{accorde(len(faits), 'une direction,directions').removeprefix('1 ')}."
        ),
        gabarit="programme/grappe_moments.html",
        grappe=grappe,
        attentes=attentes,
        vagues=vagues,
        conduit=bool(conduit),
        entiere=permissions.voit_toute_la_grappe(request.user, grappe),
        coches=set(request.POST.getlist("parcours")),
    )
