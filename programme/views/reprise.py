"""Reprendre un classeur existant : le déposer, relier ses colonnes et ses mots, le rendre, inviter ceux qu'il nomme."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods

from programme.forms.reprise import DepotRepriseForm, LectureForm, RelierForm
from programme.models import Grappe
from programme.resources.reprise import DEPOT
from programme.services.reprise import correspondances, retour
from programme.services.reprise.correspondances import GENRE
from programme.services.reprise.invitations import a_inviter, inviter_tous
from programme.socle.depots import envoi_trop_gros
from programme.socle.finess.refus import FichierRefuse
from programme.socle.imports import deposer, refaire
from programme.socle.models import Correspondance, Travail
from programme.socle.nombres import accorde
from programme.socle.travaux import lancer
from programme.views.grappes import grappe_a_conduire
from programme.views.refus import tenter
from programme.views.relier import dernier_depot, lire_classeur
from programme.views.requete import Requete


def _correspondance(request: Requete, pk: int) -> Correspondance:
    """Une correspondance du lecteur, ou 404 : elle n'appartient qu'à lui."""
    return get_object_or_404(Correspondance, genre=GENRE, par=request.user, pk=pk)


def _objet(grappe: Grappe) -> str:
    return f"Reprise du classeur de la grappe {grappe.nom}"


@require_http_methods(["GET", "POST"])
def deposer_classeur(request: Requete, pk: int) -> HttpResponse:
    """Déposer le classeur : avec une correspondance connue, l'aperçu suit ; sinon, Treille devine et l'on relit."""
    grappe = grappe_a_conduire(request, pk)
    envoi = (request.POST, request.FILES) if request.method == "POST" else ()
    depart = {"correspondance": voulue} if (voulue := request.GET.get("correspondance")) else {}
    formulaire = DepotRepriseForm(*envoi, par=request.user, trop_gros=envoi_trop_gros(request), initial=depart)
    if formulaire.is_valid() and (travail := _recevoir(request, grappe, formulaire)):
        if travail.genre == DEPOT:
            return redirect("programme:reprise-relier", pk=pk, correspondance=travail.parametres["correspondance"])
        return redirect("programme:travail-detail", pk=travail.pk)
    contexte = {
        "form": formulaire,
        "grappe": grappe,
        "correspondances": correspondances.enregistrees(request.user),
    }
    return render(request, "programme/reprise_deposer.html", contexte, status=422 if formulaire.errors else 200)


def _recevoir(request: Requete, grappe: Grappe, formulaire: DepotRepriseForm) -> Travail | None:
    fichier, choisie = formulaire.cleaned_data["fichier"], formulaire.choisie()
    parametres: dict[str, Any] = {"grappe": grappe.pk}
    if choisie:
        parametres["correspondance"] = choisie.pk
        return deposer(GENRE, fichier=fichier, par=request.user, objet=_objet(grappe), parametres=parametres)
    try:
        reglages = formulaire.deviner()
    except FichierRefuse as refus:
        formulaire.add_error("fichier", refus.message)
        return None
    nom = (fichier.name or "classeur").rsplit(".", 1)[0]
    brouillon = correspondances.ouvrir_brouillon(par=request.user, nom=nom, reglages=reglages)
    parametres["correspondance"] = brouillon.pk
    return lancer(DEPOT, par=request.user, objet=_objet(grappe), fichier=fichier, parametres=parametres, sur_place=True)


@require_http_methods(["GET", "POST"])
def relier(request: Requete, pk: int, correspondance: int) -> HttpResponse:
    """Dire ce que vaut chaque colonne et chaque mot du classeur ; l'enregistrer mène à l'aperçu."""
    grappe = grappe_a_conduire(request, pk)
    relue = _correspondance(request, correspondance)
    depot = dernier_depot(request, [GENRE, DEPOT], {"grappe": grappe.pk}, relue)
    contexte: dict[str, Any] = {"grappe": grappe, "correspondance": relue, "depot": depot}
    try:
        lu = lire_classeur(request, depot, relue) if depot else None
    except FichierRefuse as refus:
        lu, contexte["refus"] = None, refus.message
    if lu is None or depot is None:
        return render(request, "programme/reprise_relier.html", contexte, status=422 if request.POST else 200)
    classeur, lecture, grille = lu
    formulaire = RelierForm(request.POST or None, correspondance=relue, grille=grille, lecture=lecture)
    if formulaire.is_valid() and (enregistree := _retenir(request, formulaire)):
        parametres = {"grappe": grappe.pk, "correspondance": enregistree.pk}
        travail = refaire(depot, par=request.user, code=GENRE, objet=_objet(grappe), parametres=parametres)
        messages.success(request, f"La correspondance « {enregistree.nom} » est enregistrée.")
        return redirect("programme:travail-detail", pk=travail.pk)
    contexte |= {"form": formulaire, "grille": grille, "lecture": LectureForm(classeur=classeur, lecture=lecture)}
    return render(request, "programme/reprise_relier.html", contexte, status=422 if formulaire.errors else 200)


def _retenir(request: Requete, formulaire: RelierForm) -> Correspondance | None:
    return tenter(
        formulaire,
        lambda: correspondances.enregistrer(
            correspondance=formulaire.correspondance,
            nom=formulaire.cleaned_data["nom"],
            code=formulaire.cleaned_data["code"],
            reglages=formulaire.reglages(),
            par=request.user,
        ),
    )


@require_GET
def rendre_classeur(request: Requete, pk: int, correspondance: int) -> FileResponse:
    """La feuille, avec les intitulés et les mots du classeur d'origine."""
    grappe = grappe_a_conduire(request, pk)
    relue = _correspondance(request, correspondance)
    nom = f"{relue.code or 'classeur'}-{slugify(grappe.nom)}-{timezone.localdate():%Y-%m-%d}.xlsx"
    contenu = retour.rendre(grappe, relue, par=request.user)
    return FileResponse(contenu, as_attachment=True, filename=nom)


@require_http_methods(["GET", "POST"])
def inviter(request: Requete, pk: int) -> HttpResponse:
    """Faire partir d'un coup les liens des comptes que la reprise a ouverts."""
    grappe = grappe_a_conduire(request, pk)
    if request.method == "POST":
        invites = inviter_tous(
            grappe=grappe,
            par=request.user,
            adresse=lambda jeton: request.build_absolute_uri(reverse("programme:invitation", args=[jeton])),
        )
        if invites:
            parties = accorde(len(invites), "invitation part,invitations partent")
            messages.success(request, f"{parties} par courriel ; chaque lien vaut deux semaines.")
        else:
            messages.info(request, "Personne à inviter : tous les comptes que vous avez nommés ici sont ouverts.")
        return redirect("programme:grappe-detail", pk=pk)
    contexte = {"grappe": grappe, "affectations": a_inviter(grappe, par=request.user)}
    return render(request, "programme/reprise_inviter.html", contexte)
