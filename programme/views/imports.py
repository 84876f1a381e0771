"""Dépôt des imports : annuaire FINESS (administrateur), feuille d'une grappe (chef de projet) ; fusion d'ESMS."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods

from programme.forms.imports import DepotFeuilleForm, DepotFinessForm, FusionForm
from programme.models import Esms, Grappe
from programme.permissions import peut_administrer
from programme.services import feuille
from programme.services.fusions import declarer_fusion
from programme.socle import exports
from programme.socle.depots import envoi_trop_gros, gros_depot
from programme.socle.enums import EtatTravail
from programme.socle.imports import deposer
from programme.socle.models import Travail
from programme.views.grappes import grappe_a_conduire
from programme.views.refus import exiger, tenter
from programme.views.requete import Requete


def _envoi(request: Requete) -> tuple:
    """Ce qu'un formulaire de dépôt reçoit : un envoi sans fichier reste un envoi."""
    return (request.POST, request.FILES) if request.method == "POST" else ()


@gros_depot(peut_administrer)
@require_http_methods(["GET", "POST"])
def import_finess(request: Requete) -> HttpResponse:
    """Déposer un fichier FINESS ; l'aperçu se calcule en tâche de fond."""
    exiger(peut_administrer(request.user))
    formulaire = DepotFinessForm(*_envoi(request), trop_gros=envoi_trop_gros(request))
    if formulaire.is_valid():
        fichier = formulaire.cleaned_data["fichier"]
        travail = deposer("finess", fichier=fichier, par=request.user, parametres=formulaire.parametres())
        return redirect("programme:travail-detail", pk=travail.pk)
    derniers = Travail.objects.visibles_par(request.user).filter(genre="finess")[:5]
    contexte = {"form": formulaire, "derniers": derniers}
    return render(request, "programme/import_finess.html", contexte, status=422 if formulaire.errors else 200)


@require_GET
def grappe_feuille(request: Requete, pk: int) -> FileResponse:
    """La feuille des parcours de la grappe, en XLSX."""
    grappe = grappe_a_conduire(request, pk)
    entetes, lignes = feuille.exporter(grappe, par=request.user)
    nom = f"feuille-{slugify(grappe.nom)}-{timezone.localdate():%Y-%m-%d}.xlsx"
    contenu = exports.xlsx(feuille.FEUILLE, entetes, lignes, feuille.mise_en_forme(grappe))
    return FileResponse(contenu, as_attachment=True, filename=nom)


def rapporter(request: Requete, grappe: Grappe, *, genre: str, objet: str, gabarit: str) -> HttpResponse:
    """Une feuille emportée d'ici, qu'on rapporte : l'aperçu est immédiat, un fichier illisible ne laisse rien."""
    formulaire = DepotFeuilleForm(*_envoi(request), trop_gros=envoi_trop_gros(request))
    if formulaire.is_valid():
        fichier, parametres = formulaire.cleaned_data["fichier"], {"grappe": grappe.pk}
        travail = deposer(genre, fichier=fichier, par=request.user, objet=objet, parametres=parametres)
        if travail.etat != EtatTravail.ECHEC:
            return redirect("programme:travail-detail", pk=travail.pk)
        formulaire.add_error("fichier", travail.erreur)
        travail.fichier.delete(save=False)
        travail.delete()
    contexte = {"form": formulaire, "grappe": grappe}
    return render(request, gabarit, contexte, status=422 if formulaire.errors else 200)


@require_http_methods(["GET", "POST"])
def grappe_feuille_import(request: Requete, pk: int) -> HttpResponse:
    """Rapporter la feuille des parcours, corrigée."""
    grappe = grappe_a_conduire(request, pk)
    objet = f"Feuille de la grappe {grappe.nom}"
    return rapporter(request, grappe, genre="feuille", objet=objet, gabarit="programme/import_feuille.html")


@require_http_methods(["GET", "POST"])
def esms_fusion(request: Requete, finess: str) -> HttpResponse:
    """Déclarer qu'un ESMS est remplacé par un autre."""
    esms = get_object_or_404(Esms.objects.visibles_par(request.user), finess=finess)
    exiger(peut_administrer(request.user))
    formulaire = FusionForm(request.POST or None)
    if formulaire.is_valid():
        champs = formulaire.cleaned_data
        if tenter(formulaire, lambda: declarer_fusion(absorbe=esms, par=request.user, **champs)):
            messages.success(request, f"« {esms} » est remplacé par « {champs['absorbant']} ».")
            return redirect("programme:esms-detail", finess=finess)
    contexte = {"formulaire": formulaire, "esms": esms}
    return render(request, "programme/import_fusion.html", contexte, status=422 if formulaire.errors else 200)
