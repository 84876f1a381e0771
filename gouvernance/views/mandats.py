"""Les sièges d'une instance : en confier un, le corriger, y mettre fin."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gouvernance.forms.mandats import ClotureMandatForm, MandatForm, nommer
from gouvernance.models import Instance, Mandat
from gouvernance.permissions import peut_tenir_instances
from gouvernance.services import mandats as services
from gouvernance.services.representation import cibles_de
from gouvernance.views.instances import DETAIL, instance_visible
from programme.services.actions import comptes_proposes
from programme.socle.nombres import liste
from programme.socle.versions import jeton
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir

SAISIE = "gouvernance/mandat_saisie.html"
DEPART = ("represente", "precise")
ROLE_DE_MEMBRE = "Le rôle de membre de la grappe finit avec lui, si aucun autre siège ne le porte."


def _dire(confie: services.Confie) -> str:
    """Ce qui est fait, et qui est devenu membre."""
    mandat = confie.mandat
    phrase = f"{mandat.nom} siège à « {mandat.comite} » : {mandat.au_nom_de}."
    if not confie.membres:
        return phrase
    noms, verbe = liste(confie.membres), "devient membre" if len(confie.membres) == 1 else "deviennent membres"
    return f"{phrase} {noms} {verbe} de la grappe, aux mêmes dates."


def _contexte(request: Requete, instance: Instance) -> dict[str, Any]:
    """Ce que la saisie propose : les comptes de la grappe, et d'où l'on vient."""
    comptes = comptes_proposes([instance.grappe], timezone.localdate())
    return {
        "instance": instance,
        "comptes": [(nommer(compte), roles) for compte, roles in comptes.items()],
        "retour": reverse(DETAIL, args=[instance.pk]),
        "gabarit": SAISIE,
        "succes": _dire,
    }


@require_http_methods(["GET", "POST"])
def creer(request: Requete, pk: int) -> HttpResponse:
    """Confier un siège ; `?represente=og-12&precise=categorie-183` le prépare."""
    instance = instance_visible(request, pk)
    exiger(peut_tenir_instances(request.user, instance))
    if instance.close_le:
        messages.warning(request, services.CLOSE)
        return redirect(DETAIL, pk=pk)
    formulaire = MandatForm(
        request.POST or None,
        par=request.user,
        cibles=cibles_de(instance.grappe),
        initial={nom: request.GET[nom] for nom in DEPART if nom in request.GET},
    )
    return saisir(
        request,
        formulaire,
        lambda: services.confier(instance=instance, par=request.user, **formulaire.champs()),
        titre=f"Confier un siège, {instance}",
        libelle="Confier ce siège",
        **_contexte(request, instance),
    )


def _mandat(request: Requete, pk: int) -> tuple[Mandat, HttpResponse | None]:
    """Le mandat, pour qui le tient ; dans une instance close, il ne change plus."""
    mandat: Mandat = get_object_or_404(Mandat.objects.visibles_par(request.user).pour_lecture(), pk=pk)
    exiger(peut_tenir_instances(request.user, mandat))
    if mandat.comite.close_le is None:
        return mandat, None
    messages.warning(request, services.CLOSE)
    return mandat, redirect(DETAIL, pk=mandat.comite_id)


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Corriger un siège."""
    mandat, ailleurs = _mandat(request, pk)
    if ailleurs:
        return ailleurs
    histoire = Mandat.history.filter(id=pk)
    formulaire = MandatForm(
        request.POST or None,
        par=request.user,
        cibles=cibles_de(mandat.comite.grappe),
        mandat=mandat,
        initial={"vu": jeton(histoire)},
    )
    return saisir(
        request,
        formulaire,
        lambda: services.modifier(mandat=mandat, par=request.user, vu=formulaire.version_vue(), **formulaire.champs()),
        relire=lambda: jeton(histoire),
        mandat=mandat,
        titre=f"Modifier le siège de {mandat.nom}",
        libelle="Enregistrer le siège",
        **_contexte(request, mandat.comite),
    )


@require_http_methods(["GET", "POST"])
def clore(request: Requete, pk: int) -> HttpResponse:
    """Mettre fin à un siège ; le rôle de membre qu'il portait seul finit avec lui."""
    mandat, ailleurs = _mandat(request, pk)
    if ailleurs:
        return ailleurs
    formulaire = ClotureMandatForm(request.POST or None)
    page = reverse(DETAIL, args=[mandat.comite_id])
    return saisir(
        request,
        formulaire,
        lambda: services.clore(mandat=mandat, par=request.user, **formulaire.cleaned_data),
        retour=page,
        succes=lambda phrase: phrase,
        gabarit="gouvernance/mandat_clore.html",
        instance=mandat.comite,
        mandat=mandat,
        titre=f"Mettre fin au siège de {mandat.nom}",
        chapeau=f"{mandat.comite} : {mandat.au_nom_de}. Ce qui s’est tenu avec lui reste.",
        consequences=[ROLE_DE_MEMBRE] if mandat.utilisateur or mandat.suppleant else [],
        libelle="Mettre fin à ce siège",
        annuler_url=page,
    )
