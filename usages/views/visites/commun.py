"""Ce que partagent les pages des visites : trouver l'objet, exiger le droit."""

from typing import Any

from django.shortcuts import get_object_or_404

from programme.views.refus import exiger
from programme.views.requete import Requete
from usages.models import Etude, Visite
from usages.permissions import peut_ecrire_dans_l_etude, peut_lire_l_etude

LISTE, DETAIL, NOTES = "usages:etude-visites", "usages:visite-detail", "usages:visite-notes"


def etude_vue(request: Requete, pk: int) -> Etude:
    """L'étude : 404 pour qui n'est pas de l'équipe."""
    return get_object_or_404(Etude.objects.visibles_par(request.user), pk=pk)


def visite_vue(request: Requete, pk: int) -> Visite:
    """La visite : 404 pour qui ne la voit pas."""
    return get_object_or_404(Visite.objects.visibles_par(request.user).pour_lecture(), pk=pk)


def visite_lue(request: Requete, pk: int) -> Visite:
    """La visite, pour l'équipe de l'étude : ce qu'elle y recueille ne se lit pas ailleurs."""
    visite = visite_vue(request, pk)
    exiger(peut_lire_l_etude(request.user, visite))
    return visite


def visite_ecrite(request: Requete, pk: int) -> Visite:
    """La visite, pour qui y écrit."""
    visite = visite_vue(request, pk)
    exiger(peut_ecrire_dans_l_etude(request.user, visite))
    return visite


def ligne_ecrite(request: Requete, modele: Any, pk: int) -> Any:
    """Un temps, une note, une photo, pour qui y écrit : 404 hors de l'équipe, 403 sans le droit."""
    ligne = get_object_or_404(modele.objects.visibles_par(request.user).pour_lecture(), pk=pk)
    exiger(peut_ecrire_dans_l_etude(request.user, ligne))
    return ligne
