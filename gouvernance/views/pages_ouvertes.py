"""La page des personnes accompagnées et de leurs proches : la tenir ; la lire, sans compte."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from gouvernance.forms.journal import PageForm
from gouvernance.models import PageOuverte
from gouvernance.permissions import peut_lire_gouvernance, peut_ouvrir_page
from gouvernance.services import pages_ouvertes as services
from gouvernance.views.journal import page_du_journal, parcours_visible
from programme.models import Parcours
from programme.permissions import peut_lire_preparation
from programme.services.actions import Cible
from programme.socle.erreurs import Refus
from programme.views.grappes import grappe_visible
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir


def _adresse(cible: Cible) -> str:
    nom = "parcours" if isinstance(cible, Parcours) else "grappe"
    return reverse(f"gouvernance:{nom}-page-ouverte", args=[cible.pk])


def _fermer(page: PageOuverte, par: Any) -> str:
    services.fermer(page=page, par=par)
    return f"La page est fermée, {page.rattache_a} : son lien ne mène plus nulle part."


def _changer(page: PageOuverte, par: Any) -> str:
    services.changer_de_lien(page=page, par=par)
    return f"La page a un nouveau lien, {page.rattache_a} : l’ancien ne mène plus nulle part."


GESTES = {"fermer": _fermer, "changer": _changer}


def _faire(request: Requete, cible: Cible, page: PageOuverte | None) -> HttpResponse:
    """Fermer, ou changer de lien ; ce qui vient d'être fermé ailleurs se dit."""
    try:
        if page is None:
            raise Refus("etat", services.FERMEE)
        messages.success(request, GESTES[request.POST["geste"]](page, request.user))
    except Refus as refus:
        messages.warning(request, refus.motif)
    return redirect(_adresse(cible))


def _tenir(request: Requete, cible: Cible) -> HttpResponse:
    """L'état de la page, ce qu'on y lira, et les gestes de qui l'ouvre."""
    droit, page = peut_ouvrir_page(request.user, cible), services.page_de(cible)
    if request.method == "POST":
        exiger(droit)
        if request.POST.get("geste") in GESTES:
            return _faire(request, cible, page)
    formulaire = PageForm(request.POST or None, page=page)
    return saisir(
        request,
        formulaire,
        lambda: _ecrire(request, cible, page, formulaire),
        relire=lambda: services.version_de(services.page_de(cible) or PageOuverte()),
        retour=_adresse(cible),
        succes=f"La page est {'à jour' if page else 'ouverte'}, {cible}.",
        gabarit="gouvernance/page_cible.html",
        cible=cible,
        ouverte=page,
        lien=request.build_absolute_uri(reverse("gouvernance:page-ouverte", args=[page.jeton])) if page else "",
        lue=services.apercu(cible),
        passees=[p for p in services.tenues(cible) if p.fermee_le],
        journal=page_du_journal(cible),
        droit=droit,
    )


def _ecrire(request: Requete, cible: Cible, page: PageOuverte | None, formulaire: PageForm) -> PageOuverte:
    if page is None:
        if formulaire.cleaned_data["vu"]:
            # Fermée pendant qu'on en corrigeait les mots : les enregistrer ne la rouvre pas.
            raise Refus("etat", services.FERMEE)
        return services.ouvrir(cible=cible, par=request.user, **formulaire.champs())
    return services.modifier(page=page, par=request.user, vu=formulaire.cleaned_data["vu"], **formulaire.champs())


@require_http_methods(["GET", "POST"])
def parcours_page(request: Requete, pk: int) -> HttpResponse:
    """La page de l'ESMS : l'ouvrir revient à sa direction."""
    parcours = parcours_visible(request, pk)
    exiger(peut_lire_preparation(request.user, parcours))
    return _tenir(request, parcours)


@require_http_methods(["GET", "POST"])
def grappe_page(request: Requete, pk: int) -> HttpResponse:
    """La page de la grappe : l'ouvrir revient au chef de projet."""
    grappe = grappe_visible(request, pk)
    exiger(peut_lire_gouvernance(request.user, grappe))
    return _tenir(request, grappe)


@login_not_required
@require_safe
def page_ouverte(request: HttpRequest, jeton: UUID) -> HttpResponse:
    """Les nouvelles du projet, sans compte. Un lien fermé ou inconnu : la même page simple, 404."""
    lue = services.lire(jeton)
    gabarit = "gouvernance/page_ouverte.html" if lue else "gouvernance/page_fermee.html"
    # Sans la requête : ni compte, ni périmètre, ni jeton de formulaire n'entrent dans la page.
    reponse = HttpResponse(render_to_string(gabarit, {"lue": lue}), status=200 if lue else 404)
    # Fermée, elle ne doit rester nulle part ; ouverte, elle n'est à trouver que par qui a reçu le lien.
    reponse["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    reponse["Cache-Control"] = "private, no-store"
    reponse["Referrer-Policy"] = "no-referrer"
    return reponse
