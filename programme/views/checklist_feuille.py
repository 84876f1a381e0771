"""La feuille de la checklist d'une grappe : l'emporter, la rapporter."""

from django.http import FileResponse, HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods

from programme.services.checklist import feuille as service
from programme.socle import exports
from programme.views.grappes import grappe_a_conduire
from programme.views.imports import rapporter
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
    """Rapporter la feuille de la checklist, corrigée."""
    grappe = grappe_a_conduire(request, pk)
    objet = f"Checklist de la grappe {grappe.nom}"
    return rapporter(request, grappe, genre="checklist", objet=objet, gabarit="programme/checklist_feuille.html")
