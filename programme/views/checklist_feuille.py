"""La feuille de la checklist d'une grappe : l'emporter, la rapporter."""

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods

from programme.forms.imports import DepotFeuilleForm
from programme.services.checklist import feuille as service
from programme.socle import exports
from programme.socle.depots import envoi_trop_gros
from programme.socle.enums import EtatTravail
from programme.socle.imports import deposer
from programme.views.grappes import grappe_a_conduire
from programme.views.requete import Requete


@require_GET
def feuille(request: Requete, pk: int) -> FileResponse:
    """Toutes les réponses de la grappe, en XLSX."""
    grappe = grappe_a_conduire(request, pk)
    entetes, lignes = service.exporter(grappe, par=request.user)
    nom = f"checklist-{slugify(grappe.nom)}-{timezone.localdate():%Y-%m-%d}.xlsx"
    contenu = exports.xlsx(service.FEUILLE, entetes, lignes, service.mise_en_forme())
    return FileResponse(contenu, as_attachment=True, filename=nom)


@require_http_methods(["GET", "POST"])
def feuille_import(request: Requete, pk: int) -> HttpResponse:
    """Rapporter la feuille corrigée ; l'aperçu est immédiat."""
    grappe = grappe_a_conduire(request, pk)
    envoi = (request.POST, request.FILES) if request.method == "POST" else ()
    formulaire = DepotFeuilleForm(*envoi, trop_gros=envoi_trop_gros(request))
    if formulaire.is_valid():
        travail = deposer(
            "checklist",
            fichier=formulaire.cleaned_data["fichier"],
            par=request.user,
            objet=f"Checklist de la grappe {grappe.nom}",
            parametres={"grappe": grappe.pk},
        )
        if travail.etat != EtatTravail.ECHEC:
            return redirect("programme:travail-detail", pk=travail.pk)
        formulaire.add_error("fichier", travail.erreur)
        travail.fichier.delete(save=False)
        travail.delete()
    contexte = {"form": formulaire, "grappe": grappe}
    return render(request, "programme/checklist_feuille.html", contexte, status=422 if formulaire.errors else 200)
