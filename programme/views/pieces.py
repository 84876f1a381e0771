"""Les pièces d'un objet : les servir à qui le lit, en joindre, en retirer, d'une seule manière."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db.models import Model
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from programme.forms.pieces import PieceForm
from programme.socle.depots import envoi_trop_gros
from programme.socle.erreurs import Refus
from programme.socle.models import Piece
from programme.socle.pieces import peut_lire, pieces_de
from programme.views.refus import tenter
from programme.views.requete import Requete

ABSENTE = "pièce inconnue"


@require_GET
def piece(request: Requete, pk: UUID) -> FileResponse:
    """Le fichier, toujours à enregistrer, jamais à exécuter dans la page ; 404 pour tout le reste."""
    trouvee = get_object_or_404(Piece.objects.select_related("objet_type"), pk=pk)
    if not peut_lire(request.user, trouvee):
        raise Http404(ABSENTE)
    try:
        contenu = trouvee.fichier.open("rb")
    except FileNotFoundError as absent:
        raise Http404(ABSENTE) from absent
    reponse = FileResponse(contenu, as_attachment=True, filename=trouvee.nom, content_type=trouvee.type)
    reponse["X-Content-Type-Options"] = "nosniff"
    return reponse


def garnir(
    request: Requete, objet: Model, *, joindre: Callable[[File], Piece], retirer: Callable[[Piece], None]
) -> PieceForm | None:
    """Joint la pièce envoyée, ou retire celle que désigne « retirer » ; None si c'est dit, sinon la saisie.

    `joindre`, `retirer` : le service, qui vérifie le droit. Une pièce d'ailleurs n'existe pas ici : 404.
    """
    if request.POST.get("retirer"):
        _retirer(request, objet, retirer)
        return None
    formulaire = PieceForm(request.POST, request.FILES, trop_gros=envoi_trop_gros(request))
    if not formulaire.is_valid() or not (
        piece := tenter(formulaire, lambda: joindre(formulaire.cleaned_data["fichier"]))
    ):
        return formulaire
    messages.success(request, f"« {piece} » est joint.")
    return None


def _retirer(request: Requete, objet: Model, retirer: Callable[[Piece], None]) -> None:
    try:
        cle = UUID(request.POST["retirer"])
    except ValueError:
        cle = UUID(int=0)
    visee = get_object_or_404(pieces_de(objet), pk=cle)
    try:
        retirer(visee)
    except Refus as refus:
        if refus.code == "droit":
            raise PermissionDenied(refus.motif) from refus
        messages.warning(request, refus.motif)
    else:
        messages.success(request, f"« {visee} » est retiré.")
