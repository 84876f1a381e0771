"""Importer les tickets d'une grappe : déposer l'export, relier ses colonnes et ses mots, aller à l'aperçu."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from programme.models import Grappe
from programme.socle.depots import envoi_trop_gros
from programme.socle.finess.refus import FichierRefuse
from programme.socle.imports import deposer, refaire
from programme.socle.models import Correspondance, Travail
from programme.socle.travaux import lancer
from programme.views.grappes import grappe_visible
from programme.views.refus import exiger, tenter
from programme.views.relier import dernier_depot, lire_classeur
from programme.views.requete import Requete
from usages.forms.import_tickets import DepotTicketsForm, LectureTicketsForm, RelierTicketsForm
from usages.permissions import peut_suivre_les_editeurs
from usages.resources.tickets import AMPLEUR, DEPOT, adresse_pour_relier
from usages.services import correspondances_tickets as correspondances
from usages.services.correspondances_tickets import GENRE
from usages.services.import_tickets import lire_portee


def _grappe(request: Requete, pk: int) -> Grappe:
    grappe = grappe_visible(request, pk)
    exiger(peut_suivre_les_editeurs(request.user, grappe))
    return grappe


def _objet(grappe: Grappe) -> str:
    return f"Tickets de la grappe {grappe.nom}"[:180]


@require_http_methods(["GET", "POST"])
def importer(request: Requete, pk: int) -> HttpResponse:
    """Déposer l'export : avec une correspondance connue, l'aperçu suit ; sinon, Treille devine et l'on relit."""
    grappe = _grappe(request, pk)
    envoi = (request.POST, request.FILES) if request.method == "POST" else ()
    formulaire = DepotTicketsForm(*envoi, grappe=grappe, trop_gros=envoi_trop_gros(request))
    if formulaire.is_valid() and (travail := _recevoir(request, formulaire)):
        if travail.genre == DEPOT:
            return redirect(adresse_pour_relier(travail))
        return redirect("programme:travail-detail", pk=travail.pk)
    contexte = {"form": formulaire, "grappe": grappe, "portee": lire_portee(grappe)}
    return render(request, "usages/tickets_deposer.html", contexte, status=422 if formulaire.errors else 200)


def _recevoir(request: Requete, formulaire: DepotTicketsForm) -> Travail | None:
    fichier, grappe = formulaire.cleaned_data["fichier"], formulaire.grappe
    parametres = {"grappe": grappe.pk, "source": formulaire.cleaned_data["source"]}
    if choisie := formulaire.choisie():
        parametres["correspondance"] = choisie.pk
        return deposer(GENRE, fichier=fichier, par=request.user, objet=_objet(grappe), parametres=parametres)
    try:
        reglages = formulaire.deviner()
    except FichierRefuse as refus:
        formulaire.add_error("fichier", refus.message)
        return None
    nom = (fichier.name or "tickets").rsplit(".", 1)[0]
    brouillon = correspondances.ouvrir_brouillon(grappe=grappe, par=request.user, nom=nom, reglages=reglages)
    parametres["correspondance"] = brouillon.pk
    return lancer(DEPOT, par=request.user, objet=_objet(grappe), fichier=fichier, parametres=parametres, sur_place=True)


@require_http_methods(["GET", "POST"])
def relier(request: Requete, pk: int, correspondance: int) -> HttpResponse:
    """Dire ce que vaut chaque colonne et chaque mot de l'export ; l'enregistrer mène à l'aperçu."""
    grappe = _grappe(request, pk)
    relue = get_object_or_404(correspondances.lisibles(grappe, request.user), pk=correspondance)
    depot = dernier_depot(request, [GENRE, DEPOT], {"grappe": grappe.pk}, relue)
    contexte: dict[str, Any] = {"grappe": grappe, "correspondance": relue, "depot": depot}
    try:
        lu = lire_classeur(request, depot, relue, LectureTicketsForm, ampleur=AMPLEUR) if depot else None
    except FichierRefuse as refus:
        lu, contexte["refus"] = None, refus.message
    if lu is None or depot is None:
        return render(request, "usages/tickets_relier.html", contexte, status=422 if request.POST else 200)
    classeur, lecture, grille = lu
    formulaire = RelierTicketsForm(
        request.POST or None, correspondance=relue, grille=grille, lecture=lecture, portee=lire_portee(grappe)
    )
    if formulaire.is_valid() and (enregistree := _retenir(request, grappe, formulaire)):
        return _voir_l_apercu(request, depot, enregistree, grappe)
    lire_ici = LectureTicketsForm(classeur=classeur, lecture=lecture)
    contexte |= {"form": formulaire, "grille": grille, "lecture": lire_ici}
    return render(request, "usages/tickets_relier.html", contexte, status=422 if formulaire.errors else 200)


def _retenir(request: Requete, grappe: Grappe, formulaire: RelierTicketsForm) -> Correspondance | None:
    return tenter(
        formulaire,
        lambda: correspondances.enregistrer(
            correspondance=formulaire.correspondance,
            grappe=grappe,
            nom=formulaire.cleaned_data["nom"],
            code=formulaire.cleaned_data["code"],
            reglages=formulaire.reglages(),
            par=request.user,
        ),
    )


def _voir_l_apercu(request: Requete, depot: Travail, enregistree: Correspondance, grappe: Grappe) -> HttpResponse:
    parametres = {"grappe": grappe.pk, "source": depot.parametres["source"], "correspondance": enregistree.pk}
    travail = refaire(depot, par=request.user, code=GENRE, objet=_objet(grappe), parametres=parametres)
    messages.success(request, f"La correspondance « {enregistree.nom} » est enregistrée pour la grappe.")
    return redirect("programme:travail-detail", pk=travail.pk)
