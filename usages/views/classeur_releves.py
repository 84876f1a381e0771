"""Emporter les relevés d'une période en classeur, et le rapporter rempli."""

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods

from programme.models import Grappe
from programme.socle import exports
from programme.socle.depots import envoi_trop_gros
from programme.socle.enums import EtatTravail
from programme.socle.imports import deposer
from programme.views.grappes import grappe_visible
from programme.views.refus import exiger
from programme.views.requete import Requete
from usages.calculs.periodes import Periode
from usages.forms.releves import DepotRelevesForm
from usages.permissions import peut_lire_usages, peut_saisir_dans_la_grappe
from usages.services.releves import classeur as services


def _lire(request: Requete, pk: int, code: str) -> tuple[Grappe, Periode]:
    """La grappe, pour qui la lit de près, et la période ; ou 404."""
    grappe = grappe_visible(request, pk)
    exiger(peut_lire_usages(request.user, grappe))
    try:
        return grappe, Periode.lire(code)
    except ValueError as faute:
        raise Http404(str(faute)) from faute


@require_GET
def classeur(request: Requete, pk: int, periode: str) -> FileResponse:
    """Une ligne par ESMS × indicateur, tel que l'import la relit."""
    grappe, lue = _lire(request, pk, periode)
    entetes, lignes = services.exporter(grappe, lue, request.user)
    contenu = exports.xlsx(services.FEUILLE, entetes, lignes, services.mise_en_forme())
    nom = f"releves-{slugify(grappe.nom)}-{lue.code}.xlsx"
    return FileResponse(contenu, as_attachment=True, filename=nom)


@require_http_methods(["GET", "POST"])
def rapporter(request: Requete, pk: int, periode: str) -> HttpResponse:
    """Déposer le classeur rempli : l'aperçu est immédiat, un fichier illisible ne laisse rien."""
    grappe, lue = _lire(request, pk, periode)
    exiger(peut_saisir_dans_la_grappe(request.user, grappe))
    envoi = (request.POST, request.FILES) if request.method == "POST" else ()
    formulaire = DepotRelevesForm(*envoi, trop_gros=envoi_trop_gros(request))
    if formulaire.is_valid():
        travail = deposer(
            "releves",
            fichier=formulaire.cleaned_data["fichier"],
            par=request.user,
            parametres={"grappe": grappe.pk, "periode": lue.code},
        )
        if travail.etat != EtatTravail.ECHEC:
            return redirect("programme:travail-detail", pk=travail.pk)
        formulaire.add_error("fichier", travail.erreur)
        travail.fichier.delete(save=False)
        travail.delete()
    contexte = {"grappe": grappe, "periode": lue, "form": formulaire}
    return render(request, "usages/releves_rapporter.html", contexte, status=422 if formulaire.errors else 200)
