"""Les profils d'une grappe : créer, corriger, retirer."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from formation.forms.profils import ProfilForm, SansChamp
from formation.models import Profil
from formation.permissions import peut_tenir_les_profils
from formation.services import profils as services
from programme.models import Grappe
from programme.socle.nombres import liste
from programme.socle.versions import jeton
from programme.views.grappes import grappe_visible
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir

PAGE, SAISIE = "formation:grappe-habilitations", "formation/profil_saisie.html"


def _dire(fait: str) -> Any:
    """Ce qui est fait, et les métiers qui ont changé de profil."""

    def phrase(rendu: tuple[Profil, list[str]]) -> str:
        profil, deplaces = rendu
        suite = f" Déplacé ici : {liste(deplaces)}." if deplaces else ""
        return f"Le profil « {profil} » est {fait}.{suite}"

    return phrase


def _page(grappe: Grappe) -> str:
    return reverse(PAGE, args=[grappe.pk]) + "#profils"


@require_http_methods(["GET", "POST"])
def creer(request: Requete, pk: int) -> HttpResponse:
    """Créer un profil dans une grappe."""
    grappe = grappe_visible(request, pk)
    exiger(peut_tenir_les_profils(request.user, grappe))
    formulaire = ProfilForm(request.POST or None, profil=None, ailleurs=services.profil_par_metier(grappe))
    return saisir(
        request,
        formulaire,
        lambda: services.creer_profil(grappe=grappe, par=request.user, **formulaire.champs()),
        retour=_page(grappe),
        succes=_dire("créé"),
        gabarit=SAISIE,
        grappe=grappe,
        titre="Créer un profil",
        libelle="Créer le profil",
    )


def _profil(request: Requete, pk: int) -> Profil:
    """Un profil encore en vigueur, pour qui le tient."""
    vus = Profil.objects.visibles_par(request.user).en_vigueur().select_related("grappe__region")
    profil: Profil = get_object_or_404(vus, pk=pk)
    exiger(peut_tenir_les_profils(request.user, profil))
    return profil


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Corriger un profil, ou lui donner d'autres métiers."""
    profil = _profil(request, pk)
    histoire = Profil.history.filter(id=pk)
    formulaire = ProfilForm(
        request.POST or None,
        profil=profil,
        ailleurs=services.profil_par_metier(profil.grappe, sauf=profil),
        initial={"vu": jeton(histoire)},
    )
    return saisir(
        request,
        formulaire,
        lambda: services.modifier_profil(
            profil=profil, par=request.user, vu=formulaire.version_vue(), **formulaire.champs()
        ),
        retour=_page(profil.grappe),
        succes=_dire("à jour"),
        relire=lambda: jeton(histoire),
        gabarit=SAISIE,
        grappe=profil.grappe,
        profil=profil,
        titre=f"Corriger « {profil} »",
        libelle="Enregistrer",
    )


@require_http_methods(["GET", "POST"])
def retirer(request: Requete, pk: int) -> HttpResponse:
    """Retirer un profil : ce que cela entraîne se lit d'abord."""
    profil = _profil(request, pk)
    formulaire = SansChamp(request.POST or None)
    return saisir(
        request,
        formulaire,
        lambda: services.retirer_profil(profil=profil, par=request.user),
        retour=_page(profil.grappe),
        succes=f"Le profil « {profil} » est retiré.",
        gabarit="formation/profil_retirer.html",
        grappe=profil.grappe,
        titre=f"Retirer « {profil} »",
        consequences=services.ce_que_retirer_change(profil),
        libelle="Retirer le profil",
        annuler_url=_page(profil.grappe),
    )
