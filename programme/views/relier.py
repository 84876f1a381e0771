"""Ce que partagent les pages qui relient un classeur : retrouver le fichier déposé, l'ouvrir là où l'adresse le dit."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.shortcuts import get_object_or_404

from programme.forms.relier import LectureForm
from programme.socle.finess.refus import FichierRefuse
from programme.socle.grilles import Classeur, Grille, Lecture, ouvrir_classeur, proposer_lecture
from programme.socle.models import Correspondance, Travail
from programme.views.requete import Requete


def dernier_depot(
    request: Requete, genres: Sequence[str], parametres: dict[str, Any], correspondance: Correspondance
) -> Travail | None:
    """Le travail nommé dans l'adresse, sinon le dernier dépôt du lecteur avec cette correspondance.

    `parametres` : ce que le travail doit viser (sa grappe, son organisme).
    """
    vises = {f"parametres__{nom}": valeur for nom, valeur in parametres.items()}
    siens = Travail.objects.filter(genre__in=genres, par=request.user, **vises)
    voulu = request.GET.get("travail", "") or request.POST.get("travail", "")
    if voulu.isdecimal() and len(voulu) < 19:
        nomme = get_object_or_404(siens, pk=int(voulu))
        return nomme if nomme.fichier else None
    for travail in siens.filter(parametres__correspondance=correspondance.pk).exclude(fichier="")[:5]:
        if travail.fichier.storage.exists(str(travail.fichier.name)):
            return travail
    return None


def lire_classeur(
    request: Requete,
    depot: Travail,
    correspondance: Correspondance,
    formulaire: type[LectureForm] = LectureForm,
    *,
    ampleur: int = 1,
) -> tuple[Classeur, Lecture, Grille]:
    """Le classeur, et sa grille là où l'adresse dit de lire ; à défaut, là où le dit la correspondance."""
    retenue = Lecture.depuis_json(correspondance.options["lecture"])
    donnees = request.POST if "feuille" in request.POST else request.GET
    dit = donnees.get("separateur", retenue.separateur) if formulaire.separateur_dit else ""
    with depot.fichier.open("rb") as fichier:
        classeur = ouvrir_classeur(fichier, ampleur=ampleur, separateur=dit if len(dit) == 1 else "")
    voulu = formulaire(donnees or None, classeur=classeur, lecture=proposer_lecture(classeur))
    lecture = voulu.lecture() if voulu.is_bound and voulu.is_valid() else retenue
    try:
        return classeur, lecture, classeur.lire(lecture)
    except FichierRefuse as refus:
        messages.error(request, refus.message)
        lecture = proposer_lecture(classeur)
        return classeur, lecture, classeur.lire(lecture)
