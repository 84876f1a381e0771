"""Ce que partagent les pages d'une visite d'étude : la trouver, et y être de l'équipe."""

from django.shortcuts import get_object_or_404

from programme.views.refus import exiger
from programme.views.requete import Requete
from usages.models import Visite
from usages.permissions import peut_lire_l_etude


def visite_lue(request: Requete, pk: int) -> Visite:
    """La visite ; 404 pour qui ne la voit pas, 403 pour qui n'est pas de l'équipe (l'ESMS visité la voit venir)."""
    visite = get_object_or_404(Visite.objects.visibles_par(request.user).pour_lecture(), pk=pk)
    exiger(peut_lire_l_etude(request.user, visite))
    return visite
