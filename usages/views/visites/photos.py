"""Les photos d'une visite : les déposer, en dire le droit, les retirer."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from formation.forms.profils import SansChamp
from programme.socle.depots import envoi_trop_gros
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.forms.visites_recueil import PhotoDeposeeForm, PhotoForm
from usages.models import PhotoDeVisite
from usages.permissions import peut_ecrire_dans_l_etude, peut_noter_un_accord
from usages.services.visites import photos as services
from usages.views.visites.commun import ligne_ecrite, visite_lue

PAGE = "usages:visite-photos"


@require_http_methods(["GET", "POST"])
def visite_photos(request: Requete, pk: int) -> HttpResponse:
    """Celles qu'on a, où en est leur droit ; en déposer une."""
    visite = visite_lue(request, pk)
    droit = peut_ecrire_dans_l_etude(request.user, visite)
    if request.method == "POST":
        exiger(droit)
    envoi = (request.POST, request.FILES) if request.method == "POST" else ()
    formulaire = PhotoDeposeeForm(*envoi, trop_lourde=envoi_trop_gros(request))
    return saisir(
        request,
        formulaire,
        lambda: services.deposer_photo(visite=visite, par=request.user, **formulaire.cleaned_data),
        retour=reverse(PAGE, args=[pk]),
        succes="La photo est déposée, sans le lieu ni l'heure que l'appareil y avait écrits.",
        gabarit="usages/visite_photos.html",
        visite=visite,
        photos=services.avec_leurs_images(visite.photos.all()),
        tient=bool(droit),
        note=bool(peut_noter_un_accord(request.user, visite)),
    )


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Corriger ce qu'on en dit, noter le droit."""
    photo = get_object_or_404(PhotoDeVisite.objects.visibles_par(request.user).pour_lecture(), pk=pk)
    exiger(peut_noter_un_accord(request.user, photo))
    ecrit = bool(peut_ecrire_dans_l_etude(request.user, photo))
    formulaire = PhotoForm(request.POST or None, photo=photo, droit_seul=not ecrit)
    return saisir(
        request,
        formulaire,
        lambda: services.modifier_photo(photo=photo, par=request.user, **formulaire.cleaned_data),
        retour=f"{reverse(PAGE, args=[photo.visite_id])}#photo-{pk}",
        succes="La photo est à jour.",
        gabarit="usages/visite_saisie.html",
        visite=photo.visite,
        photo=services.avec_leurs_images([photo])[0],
        titre="Modifier la photo",
        libelle="Enregistrer",
        retirer_url=reverse("usages:photo-retirer", args=[pk]) if ecrit else "",
    )


@require_http_methods(["GET", "POST"])
def retirer(request: Requete, pk: int) -> HttpResponse:
    """Retirer une photo, une fois confirmé."""
    photo = ligne_ecrite(request, PhotoDeVisite, pk)
    retour = reverse(PAGE, args=[photo.visite_id])
    return saisir(
        request,
        SansChamp(request.POST if request.method == "POST" else None),
        lambda: services.retirer_photo(photo=photo, par=request.user),
        retour=retour,
        succes="La photo est retirée.",
        gabarit="usages/visite_retirer.html",
        visite=photo.visite,
        titre="Retirer la photo",
        chapeau=f"« {photo} »",
        consequences=["L'image est effacée ; si une édition publiée la montrait, elle n'y paraît plus."],
        libelle="Retirer",
        annuler_url=retour,
    )
