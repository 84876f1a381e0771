"""Importer le fichier du personnel d'un organisme : le déposer, relier ses colonnes et ses mots, rendre la feuille."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods

from formation.forms.import_professionnels import (
    DepotProfessionnelsForm,
    LectureProfessionnelsForm,
    RelierProfessionnelsForm,
)
from formation.permissions import NOMS_RESERVES, peut_gerer_professionnels
from formation.resources.professionnels import AMPLEUR, DEPOT, adresse_de_retour
from formation.services.import_professionnels import Portee, correspondances, feuille, lire_portee
from formation.services.import_professionnels.correspondances import GENRE
from programme.models import OrganismeGestionnaire, Parcours
from programme.socle.depots import envoi_trop_gros
from programme.socle.finess.refus import FichierRefuse
from programme.socle.imports import deposer, refaire
from programme.socle.models import Correspondance, Travail
from programme.socle.travaux import lancer
from programme.views.refus import exiger, tenter
from programme.views.relier import dernier_depot, lire_classeur
from programme.views.requete import Requete


def _portee(request: Requete, og: OrganismeGestionnaire, depuis: int | None = None) -> Portee:
    """Ce que le lecteur gère dans l'organisme ; 403 s'il n'y gère rien."""
    portee = lire_portee(og, par=request.user, depuis=depuis)
    if not portee.parcours and not portee.doubles:
        raise PermissionDenied(NOMS_RESERVES)
    return portee


def _og(request: Requete, finess: str) -> OrganismeGestionnaire:
    return get_object_or_404(OrganismeGestionnaire.objects.visibles_par(request.user), finess=finess)


@require_http_methods(["GET", "POST"])
def importer(request: Requete, finess: str) -> HttpResponse:
    """Déposer le fichier de l'organisme, pour tous les ESMS que l'on y gère."""
    return _deposer(request, _portee(request, _og(request, finess)), None)


@require_http_methods(["GET", "POST"])
def importer_depuis_un_esms(request: Requete, pk: int) -> HttpResponse:
    """La même page, depuis un ESMS que l'on gère."""
    visibles = Parcours.objects.visibles_par(request.user).select_related("esms__og", "grappe")
    parcours = get_object_or_404(visibles, pk=pk, esms__og__isnull=False)
    exiger(peut_gerer_professionnels(request.user, parcours))
    return _deposer(request, _portee(request, parcours.esms.og, pk), parcours)


def _deposer(request: Requete, portee: Portee, parcours: Parcours | None) -> HttpResponse:
    """Avec une correspondance connue, l'aperçu suit ; sinon, Treille devine et l'on relit."""
    envoi = (request.POST, request.FILES) if request.method == "POST" else ()
    formulaire = DepotProfessionnelsForm(*envoi, portee=portee, trop_gros=envoi_trop_gros(request))
    if formulaire.is_valid() and (travail := _recevoir(request, formulaire, parcours)):
        if travail.genre == DEPOT:
            adresse = reverse("formation:professionnels-relier", args=[travail.parametres["correspondance"]])
            return redirect(f"{adresse}?travail={travail.pk}")
        return redirect("programme:travail-detail", pk=travail.pk)
    contexte = {
        "form": formulaire,
        "portee": portee,
        "parcours": parcours,
        "retour": adresse_de_retour(portee.og.pk, parcours.pk if parcours else None),
    }
    return render(request, "formation/import_deposer.html", contexte, status=422 if formulaire.errors else 200)


def _objet(og: OrganismeGestionnaire) -> str:
    return f"Fichier du personnel de {og}"[:180]


def _recevoir(request: Requete, formulaire: DepotProfessionnelsForm, parcours: Parcours | None) -> Travail | None:
    fichier, og = formulaire.cleaned_data["fichier"], formulaire.portee.og
    parametres = formulaire.parametres() | {"og": og.pk} | ({"parcours": parcours.pk} if parcours else {})
    choisie = formulaire.choisie()
    if choisie is None and formulaire.est_la_feuille():
        choisie = correspondances.de_la_feuille(og=og, par=request.user)
    if choisie:
        parametres["correspondance"] = choisie.pk
        return deposer(GENRE, fichier=fichier, par=request.user, objet=_objet(og), parametres=parametres)
    try:
        reglages = formulaire.deviner()
    except FichierRefuse as refus:
        formulaire.add_error("fichier", refus.message)
        return None
    nom = (fichier.name or "personnel").rsplit(".", 1)[0]
    brouillon = correspondances.ouvrir_brouillon(og=og, par=request.user, nom=nom, reglages=reglages)
    parametres["correspondance"] = brouillon.pk
    return lancer(DEPOT, par=request.user, objet=_objet(og), fichier=fichier, parametres=parametres, sur_place=True)


def _relue(request: Requete, pk: int) -> tuple[Correspondance, Portee]:
    """La correspondance et ce que le lecteur gère dans son organisme ; 404 s'il n'y gère rien."""
    correspondance = get_object_or_404(correspondances.lisibles(request.user).select_related("og"), pk=pk)
    assert correspondance.og is not None  # `lisibles` n'en rend pas d'autre
    portee = lire_portee(correspondance.og, par=request.user)
    if not portee.parcours and not portee.doubles:
        raise Http404
    return correspondance, portee


@require_http_methods(["GET", "POST"])
def relier(request: Requete, correspondance: int) -> HttpResponse:
    """Dire ce que vaut chaque colonne et chaque mot du fichier ; l'enregistrer mène à l'aperçu."""
    relue, portee = _relue(request, correspondance)
    depot = dernier_depot(request, [GENRE, DEPOT], {"og": portee.og.pk}, relue)
    contexte: dict[str, Any] = {"portee": portee, "correspondance": relue, "depot": depot}
    depuis = depot.parametres.get("parcours") if depot else None
    contexte["url_deposer"] = _adresse_de_depot(portee, depuis)
    try:
        lu = lire_classeur(request, depot, relue, LectureProfessionnelsForm, ampleur=AMPLEUR) if depot else None
    except FichierRefuse as refus:
        lu, contexte["refus"] = None, refus.message
    if lu is None or depot is None:
        return render(request, "formation/import_relier.html", contexte, status=422 if request.POST else 200)
    classeur, lecture, grille = lu
    formulaire = RelierProfessionnelsForm(
        request.POST or None, correspondance=relue, grille=grille, lecture=lecture, portee=portee
    )
    if formulaire.is_valid() and (enregistree := _retenir(request, formulaire)):
        return _voir_l_apercu(request, depot, enregistree, portee)
    contexte |= {
        "form": formulaire,
        "grille": grille,
        "lecture": LectureProfessionnelsForm(classeur=classeur, lecture=lecture),
    }
    return render(request, "formation/import_relier.html", contexte, status=422 if formulaire.errors else 200)


def _adresse_de_depot(portee: Portee, depuis: int | None) -> str:
    """D'où l'on a déposé ; un organisme sans numéro n'a que les pages de ses ESMS."""
    if portee.og.finess and not depuis:
        return reverse("formation:professionnels-import", kwargs={"finess": portee.og.finess})
    premier = next((p.pk for p in portee.parcours.values()), 0)
    return reverse("formation:professionnels-import", kwargs={"pk": depuis or premier})


def _retenir(request: Requete, formulaire: RelierProfessionnelsForm) -> Correspondance | None:
    return tenter(
        formulaire,
        lambda: correspondances.enregistrer(
            correspondance=formulaire.correspondance,
            nom=formulaire.cleaned_data["nom"],
            code=formulaire.cleaned_data["code"],
            reglages=formulaire.reglages(),
            par=request.user,
        ),
    )


def _voir_l_apercu(request: Requete, depot: Travail, enregistree: Correspondance, portee: Portee) -> HttpResponse:
    gardes = {cle: v for cle, v in depot.parametres.items() if cle in ("og", "parcours", "complet_au")}
    travail = refaire(
        depot,
        par=request.user,
        code=GENRE,
        objet=_objet(portee.og),
        parametres=gardes | {"correspondance": enregistree.pk},
    )
    messages.success(request, f"La correspondance « {enregistree.nom} » est enregistrée pour tout l’organisme.")
    return redirect("programme:travail-detail", pk=travail.pk)


@require_GET
def rendre_la_feuille(request: Requete, finess: str) -> FileResponse:
    """Les personnes que le lecteur gère dans l'organisme, à corriger puis à importer de nouveau."""
    portee = _portee(request, _og(request, finess))
    nom = f"professionnels-{slugify(portee.og.nom)[:50]}-{timezone.localdate():%Y-%m-%d}.xlsx"
    return FileResponse(feuille.rendre(portee), as_attachment=True, filename=nom)
