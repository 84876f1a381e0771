"""Le fichier de l'éditeur : emporter la matrice, la rapporter corrigée."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from formation.forms.comptes import DepotMatriceForm
from formation.models import Matrice
from formation.permissions import peut_preparer_matrice
from formation.resources.matrice import NE_SE_MODIFIE_PLUS
from formation.services import fichier_editeur as service
from formation.views.esms import deposer_ou_dire, envoi
from programme.socle.depots import envoi_trop_gros
from programme.views.refus import exiger
from programme.views.requete import Requete

XLSX, CSV = "xlsx", "csv"
TYPE_CSV = "text/csv; charset=utf-8"


def _matrice(request: Requete, pk: int) -> Matrice:
    return get_object_or_404(Matrice.objects.visibles_par(request.user).pour_lecture(), pk=pk)


def en_fichier(matrice: Matrice, forme: str) -> HttpResponse | FileResponse:
    """La matrice, en XLSX ou en CSV."""
    au = timezone.localdate()
    nom = service.nom_du_fichier(matrice, au, forme)
    if forme == XLSX:
        return FileResponse(service.en_xlsx(matrice, au), as_attachment=True, filename=nom)
    entete = {"Content-Disposition": f'attachment; filename="{nom}"'}
    return HttpResponse(service.en_csv(matrice, au), content_type=TYPE_CSV, headers=entete)


@require_safe
def matrice_fichier(request: Requete, pk: int, forme: str) -> HttpResponse | FileResponse:
    """Ce qu'on remet à l'éditeur, et qui se rapporte sans rien changer."""
    return en_fichier(_matrice(request, pk), forme)


@require_http_methods(["GET", "POST"])
def matrice_import(request: Requete, pk: int) -> HttpResponse:
    """Rapporter une matrice corrigée, tant qu'elle est en brouillon."""
    matrice = _matrice(request, pk)
    exiger(peut_preparer_matrice(request.user, matrice))
    if not matrice.se_modifie:
        messages.warning(request, NE_SE_MODIFIE_PLUS)
        return redirect("formation:matrice-detail", pk=pk)
    formulaire = DepotMatriceForm(*envoi(request), trop_gros=envoi_trop_gros(request))
    if formulaire.is_valid():
        travail = deposer_ou_dire(
            formulaire,
            "matrice",
            fichier=formulaire.cleaned_data["fichier"],
            par=request.user,
            objet=f"Droits d'accès n° {matrice.numero}, {matrice.parcours or matrice.grappe}",
            parametres={"matrice": matrice.pk},
        )
        if travail:
            return redirect("programme:travail-detail", pk=travail.pk)
    contexte = {"formulaire": formulaire, "matrice": matrice}
    return render(request, "formation/matrice_import.html", contexte, status=422 if formulaire.errors else 200)
