"""Servir une pièce : une seule adresse, et seulement à qui lit l'objet qui la porte."""

from uuid import UUID

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from programme.socle.models import Piece
from programme.socle.pieces import peut_lire
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
