"""Les lignes d'un ESMS : des blocs où l'on ajoute sur place, et la page où l'on corrige ou retire une ligne.

Sans script, ajouter recharge la page au bon bloc ; avec htmx, le bloc seul est rendu, le foyer sur la première saisie.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from programme import permissions
from programme.contexte import oublier_le_compte
from programme.models import Parcours
from programme.services import lignes as services
from programme.socle.erreurs import Refus
from programme.views.genres import GENRES, Genre
from programme.views.refus import exiger, tenter
from programme.views.requete import Requete
from programme.views.saisies import avertir, saisir

LECTURE = ("esms__categorie", "esms__departement", "esms__og", "grappe")


def parcours_a_preparer(request: Requete, pk: int) -> Parcours:
    """Le parcours, pour qui lit ce qui s'y prépare : 404 hors périmètre, 403 au financeur ; écrire demande le droit."""
    parcours = get_object_or_404(Parcours.objects.visibles_par(request.user).select_related(*LECTURE), pk=pk)
    exiger(permissions.peut_lire_preparation(request.user, parcours))
    if request.method == "POST":
        exiger(permissions.peut_saisir(request.user, parcours))
    return parcours


def _bloc(request: Requete, parcours: Parcours, genre: Genre, formulaire: Any = None, note: str = "") -> dict[str, Any]:
    """De quoi rendre un bloc ; `note` : ce qui vient d'être ajouté."""
    saisit = bool(permissions.peut_saisir(request.user, parcours))
    if saisit and formulaire is None:
        formulaire = genre.formulaire(parcours=parcours, par=request.user, identifiant=genre.code)
        if note or request.GET.get("apres") == genre.code:
            formulaire[next(iter(formulaire.fields))].field.widget.attrs["autofocus"] = True
    lues = genre.lire(parcours, request.user, timezone.localdate())
    bloc = {"genre": genre, "lignes": lues, "formulaire": formulaire, "note": note, "parcours": parcours}
    return bloc | {"se_corrige": any(ligne["cle"] for ligne in lues)}


def montrer_les_blocs(
    request: Requete, parcours: Parcours, genres: tuple[Genre, ...], gabarit: str, *, status: int = 200, **contexte: Any
) -> HttpResponse:
    """La page et ses blocs, tels qu'ils sont enregistrés."""
    blocs = [_bloc(request, parcours, g) for g in genres]
    return render(request, gabarit, contexte | {"parcours": parcours, "blocs": blocs}, status=status)


def page_de_blocs(
    request: Requete, parcours: Parcours, genres: tuple[Genre, ...], gabarit: str, **contexte: Any
) -> HttpResponse:
    """Une page faite de blocs ; un POST ajoute une ligne au bloc que nomme `genre`."""
    if request.method != "POST":
        return montrer_les_blocs(request, parcours, genres, gabarit, **contexte)
    genre = next((g for g in genres if g.code == request.POST.get("genre")), genres[0])
    formulaire = genre.formulaire(request.POST, parcours=parcours, par=request.user, identifiant=genre.code)
    ajoutee = formulaire.is_valid() and tenter(formulaire, lambda: genre.ecrire(parcours, formulaire, request.user))
    if ajoutee and not request.htmx:
        avertir(request, formulaire)
        messages.success(request, f"{genre.neuf} : {ajoutee}.")
        return oublier_le_compte(redirect(f"{request.path}?apres={genre.code}#bloc-{genre.code}"))
    if request.htmx:
        return _fragment(request, parcours, genre, None if ajoutee else formulaire, ajoutee)
    blocs = [_bloc(request, parcours, g, formulaire if g is genre else None) for g in genres]
    return render(request, gabarit, contexte | {"parcours": parcours, "blocs": blocs}, status=422)


def _fragment(request: Requete, parcours: Parcours, genre: Genre, formulaire: Any, ajoutee: Any) -> HttpResponse:
    note = f"{genre.neuf} : {ajoutee}." if ajoutee else ""
    bloc = _bloc(request, parcours, genre, formulaire, note)
    rendu = render(request, "programme/fragments/bloc.html", {"bloc": bloc}, status=200 if ajoutee else 422)
    return oublier_le_compte(rendu) if ajoutee else rendu


@require_http_methods(["GET", "POST"])
def ligne_modifier(request: Requete, pk: int, genre: str, ligne: int) -> HttpResponse:
    """Corriger une ligne, ou la retirer."""
    parcours, lu = parcours_a_preparer(request, pk), GENRES.get(genre)
    if lu is None or lu.modele is None:
        raise Http404("genre inconnu")
    objet = get_object_or_404(services.lignes_de(parcours, lu.modele), pk=ligne)
    exiger(services.peut_ecrire(request.user, parcours, objet))
    retour = f"{reverse(f'programme:{lu.page}', args=[pk])}#bloc-{lu.code}"
    if request.POST.get("geste") == "retirer":
        return _retirer(request, parcours, objet, retour)
    formulaire = lu.formulaire(request.POST or None, parcours=parcours, par=request.user, ligne=objet)
    return saisir(
        request,
        formulaire,
        lambda: services.enregistrer(
            parcours=parcours,
            modele=lu.modele,
            valeurs=formulaire.valeurs(),
            par=request.user,
            ligne=objet,
            vu=formulaire.version_vue(),
        ),
        retour=retour,
        succes=lambda ecrite: f"« {ecrite} » est à jour.",
        relire=lambda: lu.modele.history.filter(id=ligne).latest("history_id").history_id,
        gabarit="programme/ligne_modifier.html",
        parcours=parcours,
        page={"titre": lu.titre, "url": retour},
        titre=f"Corriger « {objet} »",
        libelle="Enregistrer",
        objet=objet,
    )


def _retirer(request: Requete, parcours: Parcours, objet: Any, retour: str) -> HttpResponse:
    nom = str(objet)
    try:
        services.retirer(parcours=parcours, ligne=objet, par=request.user)
        messages.success(request, f"« {nom} » est retiré.")
    except Refus as refus:
        messages.warning(request, refus.motif)
    return oublier_le_compte(redirect(retour))
