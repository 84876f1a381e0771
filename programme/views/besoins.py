"""Les besoins : ceux d'un ESMS, ceux d'une grappe en liste, et leur rapprochement, qui peut se défaire."""

from copy import copy
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from programme.contexte import oublier_le_compte
from programme.enums import NatureFait, Role
from programme.filters.besoins import ApplicationFilter, BesoinFilter
from programme.forms.besoins import BesoinCommunForm, RapprocherForm
from programme.models import Application, Besoin, BesoinCommun, Grappe
from programme.permissions import peut_conduire, peut_saisir
from programme.services import besoins as services
from programme.socle.listes import VueListe
from programme.socle.nombres import accorde
from programme.tables.besoins import ApplicationTable, BesoinTable
from programme.views.genres import BESOIN
from programme.views.lignes import page_de_blocs, parcours_a_preparer
from programme.views.refus import exiger, tenter
from programme.views.requete import Requete

ROUTE = "programme:besoin-liste"
RAPPROCHER = "rapprocher"
CHOISIS_MAX = 200


@require_http_methods(["GET", "POST"])
def parcours_besoins(request: Requete, pk: int) -> HttpResponse:
    """Les besoins d'un ESMS, et ce que la concertation a donné."""
    parcours = parcours_a_preparer(request, pk)
    dits = (NatureFait.CONCERTATION, NatureFait.BESOINS, NatureFait.DIFFUSION)
    faits = {f.nature: f for f in parcours.faits.filter(nature__in=dits)}
    return page_de_blocs(
        request,
        parcours,
        (BESOIN,),
        "programme/parcours_besoins.html",
        ici="besoins",
        concertation=faits.get(NatureFait.CONCERTATION),
        exprimes=faits.get(NatureFait.BESOINS),
        diffusion=faits.get(NatureFait.DIFFUSION),
        saisit=bool(peut_saisir(request.user, parcours)),
    )


class BesoinListe(VueListe):
    """Les besoins des ESMS dont le lecteur lit la préparation."""

    request: Requete
    modele = Besoin
    table = BesoinTable
    filtre = BesoinFilter
    titre = "Besoins exprimés"
    chapeau = (
        "Un besoin par ligne, dans les mots de l’ESMS qui le demande. Les semblables se rapprochent sans se perdre."
    )
    unite = "besoin"
    recherche = "Mots du besoin"
    tri = "besoin"
    nom_fichier = "besoins"

    def requete(self) -> QuerySet:
        """Avec qui les demande."""
        return Besoin.objects.visibles_par(self.request.user).pour_lecture()

    def actions(self) -> list[dict[str, str]]:
        """Rapprocher, pour qui conduit une grappe."""
        conduit = self.request.user.perimetre.tient(Role.CHEF_PROJET)
        return [{"valeur": RAPPROCHER, "libelle": "Rapprocher"}] if conduit else []

    def url_actions(self) -> str:
        """La page du rapprochement."""
        return reverse("programme:besoin-rapprocher")

    def vide(self) -> dict[str, str]:
        """Rien d'exprimé : d'où viennent les besoins."""
        texte = "Chaque ESMS écrit les siens depuis sa page, « Préparer » ; ils arrivent ici aussitôt."
        geste = {"url": reverse("programme:parcours-liste"), "libelle": "Voir les ESMS"}
        return {"titre": "Aucun besoin exprimé", "texte": texte, "icone": "inbox"} | geste


class ApplicationListe(VueListe):
    """Les applications en service dans les ESMS dont le lecteur lit la préparation."""

    request: Requete
    modele = Application
    table = ApplicationTable
    filtre = ApplicationFilter
    titre = "Applications en service"
    chapeau = "Ce que chaque ESMS, ou son organisme pour tous, dit utiliser ; et ce que l’arrivée du DUI en fera."
    unite = "application"
    recherche = "Nom ou éditeur"
    nom_fichier = "applications"

    def requete(self) -> QuerySet:
        """Avec qui les dit."""
        return Application.objects.visibles_par(self.request.user).pour_lecture()

    def vide(self) -> dict[str, str]:
        """Rien de dit : d'où viennent les applications."""
        texte = "Elles se disent sur l’état des lieux de chaque ESMS, ou une fois par le siège pour tous les siens."
        geste = {"url": reverse("programme:parcours-liste"), "libelle": "Voir les ESMS"}
        return {"titre": "Aucune application dite", "texte": texte, "icone": "inbox"} | geste


# --- rapprocher, défaire -------------------------------------------------------------------------------------------


def _retour(request: Requete) -> str:
    demande = request.GET.urlencode(safe=",")
    return f"{reverse(ROUTE)}?{demande}" if demande else reverse(ROUTE)


def _choisis(request: Requete) -> list[Besoin]:
    """Les besoins cochés que le lecteur voit encore ; ou tous ceux du filtre."""
    if request.POST.get("tout"):
        cles = list(BesoinListe.pour(request, ROUTE).ensemble.values_list("pk", flat=True)[:CHOISIS_MAX])
    else:
        nommees = [cle for valeur in request.POST.getlist("choix") for cle in valeur.split(",")]
        cles = [int(cle) for cle in nommees if cle.isdecimal() and len(cle) < 19][:CHOISIS_MAX]
    return list(Besoin.objects.visibles_par(request.user).pour_lecture().filter(pk__in=cles))


@require_http_methods(["GET", "POST"])
def rapprocher(request: Requete) -> HttpResponse:
    """Ranger sous un même besoin commun les besoins choisis dans la liste."""
    if not request.user.perimetre.tient(Role.CHEF_PROJET):
        raise PermissionDenied("Rapprocher des besoins revient au chef de projet de la grappe.")
    if request.method == "GET":
        return HttpResponseRedirect(_retour(request))
    choisis = _choisis(request)
    grappes = {b.parcours.grappe for b in choisis}
    if len(grappes) != 1:
        faute = "Cochez des besoins d'une même grappe." if grappes else "Cochez au moins deux besoins à rapprocher."
        messages.error(request, faute)
        return HttpResponseRedirect(_retour(request))
    return _proposer(request, grappes.pop(), choisis)


def _proposer(request: Requete, grappe: Grappe, choisis: list[Besoin]) -> HttpResponse:
    exiger(peut_conduire(request.user, grappe))
    envoi = request.POST if request.POST.get("geste") == "confirmer" else None
    formulaire = RapprocherForm(envoi, grappe=grappe, propose=choisis[0].libelle)
    if formulaire.is_valid():
        geste = {"grappe": grappe, "besoins": choisis, "par": request.user, **formulaire.cleaned_data}
        if commun := tenter(formulaire, lambda: services.rapprocher(**geste)):
            nombre = accorde(len(choisis), "besoin rapproché,besoins rapprochés")
            messages.success(request, f"{nombre} sous « {commun} ». Chacun garde son ESMS et ses mots.")
            return oublier_le_compte(redirect("programme:besoin-commun", pk=commun.pk))
    contexte = {"grappe": grappe, "besoins": choisis, "formulaire": formulaire, "retour": _retour(request)}
    return render(request, "programme/besoin_rapprocher.html", contexte, status=422 if formulaire.errors else 200)


@require_http_methods(["GET", "POST"])
def commun_detail(request: Requete, pk: int) -> HttpResponse:
    """Un besoin commun : qui le demande, dans quels mots ; le redire, en détacher, le défaire."""
    visibles = BesoinCommun.objects.visibles_par(request.user).select_related("grappe")
    commun = get_object_or_404(visibles, pk=pk)
    conduit = peut_conduire(request.user, commun.grappe)
    besoins = Besoin.objects.visibles_par(request.user).pour_lecture().filter(commun=commun)
    formulaire = BesoinCommunForm(instance=copy(commun))
    if request.method == "POST":
        exiger(conduit)
        if request.POST.get("geste") in ("detacher", "defaire"):
            return _detacher(request, commun, besoins)
        formulaire = BesoinCommunForm(request.POST, instance=copy(commun))
        libelle = formulaire.is_valid() and formulaire.cleaned_data["libelle"]
        if libelle and tenter(formulaire, lambda: services.renommer(commun=commun, libelle=libelle, par=request.user)):
            messages.success(request, f"Le besoin commun se dit maintenant « {libelle} ».")
            return redirect("programme:besoin-commun", pk=pk)
    contexte: dict[str, Any] = {"commun": commun, "grappe": commun.grappe, "besoins": besoins, "conduit": bool(conduit)}
    contexte["formulaire"] = formulaire
    return render(request, "programme/besoin_commun.html", contexte, status=422 if formulaire.errors else 200)


def _detacher(request: Requete, commun: BesoinCommun, besoins: QuerySet) -> HttpResponse:
    """Détache ceux que l'on a cochés, ou tous ; le besoin commun disparaît avec le dernier."""
    cles = [int(cle) for cle in request.POST.getlist("choix") if cle.isdecimal() and len(cle) < 19]
    choisis = commun.besoins.all() if request.POST["geste"] == "defaire" else besoins.filter(pk__in=cles)
    nombre = services.detacher(commun=commun, besoins=choisis, par=request.user)
    messages.success(request, f"{accorde(nombre, 'besoin rendu à lui-même,besoins rendus à eux-mêmes')}.")
    if BesoinCommun.objects.filter(pk=commun.pk).exists():
        return redirect("programme:besoin-commun", pk=commun.pk)
    return redirect(f"{reverse(ROUTE)}?grappe={commun.grappe_id}")
