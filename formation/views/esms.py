"""Ce que partagent les pages d'un ESMS : le trouver, dire qui lit sa formation et qui y lit des noms."""

from typing import Any

from django.core.files import File
from django.forms import BaseForm
from django.shortcuts import get_object_or_404

from formation.permissions import peut_gerer_professionnels, peut_lire_formation
from programme.models import Parcours
from programme.socle.enums import EtatTravail
from programme.socle.imports import deposer
from programme.socle.models import Travail
from programme.views.refus import exiger
from programme.views.requete import Requete


def parcours_lu(request: Requete, pk: int) -> Parcours:
    """L'ESMS : 404 hors périmètre, 403 pour qui n'y est que financeur."""
    lus = Parcours.objects.visibles_par(request.user).select_related("esms__departement", "esms__og", "grappe")
    parcours = get_object_or_404(lus, pk=pk)
    exiger(peut_lire_formation(request.user, parcours))
    return parcours


def parcours_gere(request: Requete, pk: int) -> Parcours:
    """L'ESMS, pour qui le gère : 403 pour qui n'y lit que des nombres."""
    lus = Parcours.objects.visibles_par(request.user).select_related("esms__departement", "esms__og", "grappe")
    parcours = get_object_or_404(lus, pk=pk)
    exiger(peut_gerer_professionnels(request.user, parcours))
    return parcours


def envoi(request: Requete) -> tuple:
    """Ce qu'un formulaire de dépôt reçoit : un envoi sans fichier reste un envoi."""
    return (request.POST, request.FILES) if request.method == "POST" else ()


def deposer_ou_dire(
    formulaire: BaseForm, genre: str, *, fichier: File, par: Any, objet: str, parametres: dict[str, Any]
) -> Travail | None:
    """Le travail de l'aperçu ; None si le fichier ne se lit pas : le formulaire le dit, et rien n'en reste."""
    travail = deposer(genre, fichier=fichier, par=par, objet=objet, parametres=parametres)
    if travail.etat != EtatTravail.ECHEC:
        return travail
    formulaire.add_error("fichier", travail.erreur)
    travail.fichier.delete(save=False)
    travail.delete()
    return None
