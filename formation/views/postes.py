"""Les postes d'une personne, et ceux qu'on compte sans nommer personne."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from formation.forms.professionnels import CompteForm, EsmsForm, PosteForm, SortieForm
from formation.models import Poste, Professionnel
from formation.models.communs import parcours_geres
from formation.permissions import peut_gerer_professionnels, peut_saisir_formation
from formation.services import comptage
from formation.services import professionnels as services
from formation.views.professionnels import DETAIL, LISTE, parcours_vu, personne_vue
from programme.forms.referentiel import ConfirmationForm
from programme.models import Parcours
from programme.socle.dates import date_courte
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir

SAISIE = "formation/poste_saisie.html"
DEPART = ("metier", "unite", "rythme", "nombre")


def _esms_possibles(request: Requete, personne: Professionnel) -> Any:
    """Les ESMS de son organisme que le lecteur gère et qui sont dans le projet."""
    siens = parcours_geres(request.user).dans_le_projet().filter(esms__og=personne.og_id)
    return siens.select_related("esms", "grappe")


@require_http_methods(["GET", "POST"])
def creer(request: Requete, pk: int) -> HttpResponse:
    """Un poste de plus ; `?parcours=` dit dans quel ESMS, sinon on le demande d'abord."""
    personne = personne_vue(request, pk)
    if personne.pseudonymise_le:
        messages.warning(request, services.EFFACEE)
        return redirect(DETAIL, pk=pk)
    possibles = _esms_possibles(request, personne)
    choix = EsmsForm(request.GET if "parcours" in request.GET else None, choix=possibles)
    seuls = list(possibles[:2])
    parcours = choix.cleaned_data["parcours"] if choix.is_valid() else seuls[0] if len(seuls) == 1 else None
    if parcours is None:
        contexte = {"formulaire": choix, "personne": personne, "parcours": None, "rien": not seuls}
        return render(request, "formation/poste_esms.html", contexte, status=422 if choix.errors else 200)
    return _ajouter(request, personne, parcours)


def _ajouter(request: Requete, personne: Professionnel, parcours: Parcours) -> HttpResponse:
    formulaire = PosteForm(request.POST or None, parcours=parcours)
    return saisir(
        request,
        formulaire,
        lambda: services.ajouter_poste(personne=personne, parcours=parcours, par=request.user, **formulaire.de_poste()),
        retour=reverse(DETAIL, args=[personne.pk]),
        succes=f"{personne} a un poste de plus : {parcours}.",
        gabarit=SAISIE,
        personne=personne,
        parcours=parcours,
        envoi=f"?parcours={parcours.pk}",
        titre=f"Ajouter un poste à {personne}",
        libelle="Ajouter ce poste",
    )


def _poste(request: Requete, pk: int) -> Poste:
    """Le poste, pour qui gère l'ESMS ; 404 pour tout le reste."""
    poste: Poste = get_object_or_404(Poste.objects.visibles_par(request.user).pour_lecture(), pk=pk)
    exiger(peut_gerer_professionnels(request.user, poste))
    return poste


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Corriger un poste : métier, unité, rythme, dates."""
    poste = _poste(request, pk)
    formulaire = PosteForm(request.POST or None, parcours=poste.parcours, poste=poste)
    vu = request.POST.get("vu", "")
    return saisir(
        request,
        formulaire,
        lambda: services.modifier_poste(poste=poste, par=request.user, vu=vu, **formulaire.de_poste()),
        relire=lambda: services.vu_de(Poste.objects.get(pk=pk)),
        retour=reverse(DETAIL, args=[poste.professionnel_id]),
        succes=f"Le poste de {poste.professionnel}, {poste.parcours}, est corrigé.",
        gabarit=SAISIE,
        personne=poste.professionnel,
        parcours=poste.parcours,
        poste=poste,
        titre=f"Corriger le poste de {poste.professionnel}",
        libelle="Enregistrer le poste",
    )


@require_http_methods(["GET", "POST"])
def clore(request: Requete, pk: int) -> HttpResponse:
    """Dire une sortie : le dernier jour en poste dans cet ESMS."""
    poste = _poste(request, pk)
    depart = {"fin": poste.fin or timezone.localdate()}
    formulaire = SortieForm(request.POST if request.method == "POST" else None, initial=depart)
    page = reverse(DETAIL, args=[poste.professionnel_id])
    return saisir(
        request,
        formulaire,
        lambda: services.clore_poste(poste=poste, fin=formulaire.cleaned_data["fin"], par=request.user),
        retour=page,
        succes=lambda p: f"{poste.professionnel} quitte {poste.parcours} le {date_courte(p.fin)}.",
        gabarit="formation/poste_clore.html",
        personne=poste.professionnel,
        parcours=poste.parcours,
        titre=f"Dire la sortie de {poste.professionnel}",
        chapeau=f"{poste.metier}, {poste.parcours}, depuis le {date_courte(poste.debut)}.",
        consequences=["Ce qu’elle a suivi reste. Ses autres postes ne changent pas."],
        libelle="Dire cette sortie",
        annuler_url=page,
    )


@require_http_methods(["GET", "POST"])
def retirer(request: Requete, pk: int) -> HttpResponse:
    """Retirer un poste saisi par erreur ; la personne avec, si c'était le seul."""
    poste = _poste(request, pk)
    page, liste = reverse(DETAIL, args=[poste.professionnel_id]), reverse(LISTE, args=[poste.parcours_id])
    return saisir(
        request,
        ConfirmationForm(request.POST if request.method == "POST" else None),
        lambda: services.retirer_poste(poste=poste, par=request.user),
        retour=page,
        succes=f"Le poste de {poste.professionnel}, {poste.parcours}, est retiré.",
        vers=lambda seul: liste if seul else _vers_sa_fiche(request, poste, liste),
        gabarit="formation/poste_clore.html",
        personne=poste.professionnel,
        parcours=poste.parcours,
        titre=f"Retirer le poste de {poste.professionnel}",
        chapeau=f"{poste.metier}, {poste.parcours} : une erreur de saisie, et rien d’autre.",
        consequences=[
            "Si c’est son seul poste, la personne s’en va avec lui.",
            "Quelqu’un qui part ne se retire pas : dites sa sortie.",
        ],
        libelle="Retirer ce poste",
        annuler_url=page,
    )


def _vers_sa_fiche(request: Requete, poste: Poste, liste: str) -> str:
    """Sa fiche, si le lecteur gère encore un de ses ESMS ; sinon la liste."""
    vues = Professionnel.objects.visibles_par(request.user).filter(pk=poste.professionnel_id)
    return reverse(DETAIL, args=[poste.professionnel_id]) if vues.exists() else liste


# --- compter sans noms ---------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def compter(request: Requete, pk: int) -> HttpResponse:
    """« Quatre éducateurs de jour dans cette unité » : le compte, sans nom ; `?metier=…` en rouvre un."""
    parcours = parcours_vu(request, pk)
    exiger(peut_saisir_formation(request.user, parcours))
    page = reverse("formation:postes-compter", args=[pk])
    depart = {nom: request.GET[nom] for nom in DEPART if nom in request.GET}
    formulaire = CompteForm(request.POST if request.method == "POST" else None, parcours=parcours, depart=depart)
    comptes = comptage.lire(parcours, au=timezone.localdate())
    return saisir(
        request,
        formulaire,
        lambda: comptage.compter(parcours=parcours, par=request.user, **formulaire.cleaned_data),
        retour=page,
        succes=lambda change: change.en_mots(formulaire.cleaned_data["metier"]),
        gabarit="formation/poste_compter.html",
        parcours=parcours,
        comptes=comptes,
        total=sum(c.nombre for c in comptes),
        gere=bool(peut_gerer_professionnels(request.user, parcours)),
        corrige=bool(depart),
    )
