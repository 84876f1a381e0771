"""Importer le fichier du personnel d'un organisme : le déposer, relier ses colonnes et ses mots, rendre la feuille."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods

from formation.forms.import_professionnels import DepotProfessionnelsForm, RelierProfessionnelsForm
from formation.permissions import NOMS_RESERVES, peut_gerer_professionnels
from formation.resources.professionnels import adresse_de_retour
from formation.services.import_professionnels import Portee, feuille, lire_portee
from formation.services.import_professionnels.correspondances import GENRE
from programme.models import OrganismeGestionnaire, Parcours
from programme.services.correspondances import Chez, lisibles_d_un_og
from programme.views.refus import exiger
from programme.views.relier import Lieu, PagesARelier
from programme.views.requete import Requete

PAGES = PagesARelier(
    code=GENRE,
    depot=DepotProfessionnelsForm,
    liaison=RelierProfessionnelsForm,
    titre="Importer le personnel",
    lu="formation/fragments/personnel_lu.html",
    exemples_de_mots="« AS », « ES »",
)
CHAPEAU = (
    "{} · le fichier du siège tel qu’il est, plusieurs ESMS à la fois. Vous le reliez une fois : tout l’organisme s’en "
    "sert ensuite."
)


def _portee(request: Requete, og: OrganismeGestionnaire, depuis: int | None = None) -> Portee:
    """Ce que le lecteur gère dans l'organisme ; 403 s'il n'y gère rien."""
    portee = lire_portee(og, par=request.user, depuis=depuis)
    if not portee.parcours and not portee.doubles:
        raise PermissionDenied(NOMS_RESERVES)
    return portee


def _og(request: Requete, finess: str) -> OrganismeGestionnaire:
    return get_object_or_404(OrganismeGestionnaire.objects.visibles_par(request.user), finess=finess)


def _lieu(portee: Portee, parcours: Parcours | None) -> Lieu:
    og, depuis = portee.og, parcours.pk if parcours else None
    fil = [(str(og), reverse("programme:og-detail", args=[og.pk]))]
    if parcours:
        fil = [
            (f"Grappe {parcours.grappe}", reverse("programme:grappe-detail", args=[parcours.grappe_id])),
            (str(parcours), reverse("programme:parcours-detail", args=[parcours.pk])),
        ]
    return Lieu(
        chez=Chez(GENRE, og=og),
        objet=f"Fichier du personnel de {og}",
        sujet=str(og),
        chapeau=CHAPEAU.format(og),
        fil=fil,
        url_deposer=_adresse_de_depot(portee, depuis),
        retour=adresse_de_retour(og.pk, depuis),
        parametres={"og": og.pk} | ({"parcours": depuis} if depuis else {}),
        portee=portee,
        depuis=parcours,
        esms=portee.parcours,
    )


def _adresse_de_depot(portee: Portee, depuis: int | None) -> str:
    """D'où l'on a déposé ; un organisme sans numéro n'a que les pages de ses ESMS."""
    if portee.og.finess and not depuis:
        return reverse("formation:professionnels-import", kwargs={"finess": portee.og.finess})
    premier = next((p.pk for p in portee.parcours.values()), 0)
    return reverse("formation:professionnels-import", kwargs={"pk": depuis or premier})


@require_http_methods(["GET", "POST"])
def importer(request: Requete, finess: str) -> HttpResponse:
    """Déposer le fichier de l'organisme, pour tous les ESMS que l'on y gère."""
    return PAGES.deposer(request, _lieu(_portee(request, _og(request, finess)), None))


@require_http_methods(["GET", "POST"])
def importer_depuis_un_esms(request: Requete, pk: int) -> HttpResponse:
    """La même page, depuis un ESMS que l'on gère."""
    visibles = Parcours.objects.visibles_par(request.user).select_related("esms__og", "grappe")
    parcours = get_object_or_404(visibles, pk=pk, esms__og__isnull=False)
    exiger(peut_gerer_professionnels(request.user, parcours))
    return PAGES.deposer(request, _lieu(_portee(request, parcours.esms.og, pk), parcours))


@require_http_methods(["GET", "POST"])
def relier(request: Requete, correspondance: int) -> HttpResponse:
    """Dire ce que vaut chaque colonne et chaque mot du fichier ; l'enregistrer mène à l'aperçu."""
    relue = get_object_or_404(lisibles_d_un_og(GENRE, request.user), pk=correspondance)
    assert relue.og is not None  # `lisibles_d_un_og` n'en rend pas d'autre
    portee = lire_portee(relue.og, par=request.user)
    if not portee.parcours and not portee.doubles:
        raise Http404
    depot = PAGES.trouver_depot(request, relue)
    depuis = depot.parametres.get("parcours") if depot else None
    visibles = Parcours.objects.visibles_par(request.user).select_related("esms__og", "grappe")
    parcours = visibles.filter(pk=depuis).first() if depuis else None
    return PAGES.relier(request, _lieu(portee, parcours), relue, depot)


@require_GET
def rendre_la_feuille(request: Requete, finess: str) -> FileResponse:
    """Les personnes que le lecteur gère dans l'organisme, à corriger puis à importer de nouveau."""
    portee = _portee(request, _og(request, finess))
    nom = f"professionnels-{slugify(portee.og.nom)[:50]}-{timezone.localdate():%Y-%m-%d}.xlsx"
    return FileResponse(feuille.rendre(portee), as_attachment=True, filename=nom)
