"""« À qui m'adresser » : la carte d'un ESMS, et les pages où elle s'écrit."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from programme.forms.interlocuteurs import InterlocuteursForm
from programme.models import Esms, Grappe, OrganismeGestionnaire
from programme.permissions import peut_tenir_la_carte
from programme.services import interlocuteurs as services
from programme.socle.nombres import accorde
from programme.socle.versions import jeton
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir


@require_safe
def carte(request: Requete, finess: str) -> HttpResponse:
    """La carte d'un ESMS, à lire ou à imprimer."""
    esms = get_object_or_404(Esms.objects.visibles_par(request.user).select_related("og", "departement"), finess=finess)
    rendue = services.carte_de(esms, par=request.user, au=timezone.localdate())
    contexte = {"carte": rendue, "esms": esms, "aujourdhui": timezone.localdate()}
    return render(request, "programme/interlocuteur_carte.html", contexte)


@require_http_methods(["GET", "POST"])
def de_la_grappe(request: Requete, pk: int) -> HttpResponse:
    """Les interlocuteurs d'une grappe : à lire pour qui la voit, à écrire pour qui la conduit."""
    grappe = get_object_or_404(Grappe.objects.visibles_par(request.user), pk=pk)
    ici = reverse("programme:grappe-interlocuteurs", args=[pk])
    if request.method == "GET" and not peut_tenir_la_carte(request.user, grappe):
        lues = services.de_la_cible(grappe)
        lignes = {i.sujet: services.Reponse(i, "") for i in lues}
        return render(request, "programme/interlocuteur_grappe.html", {"grappe": grappe, "lignes": lignes.values()})
    return _ecrire(request, grappe, ici, grappe=grappe)


@require_http_methods(["GET", "POST"])
def de_l_og(request: Requete, pk: int) -> HttpResponse:
    """Les interlocuteurs d'un OG : ils valent pour tous ses ESMS."""
    og = get_object_or_404(OrganismeGestionnaire.objects.visibles_par(request.user), pk=pk)
    return _ecrire(request, og, reverse("programme:og-detail", args=[pk]), og=og)


@require_http_methods(["GET", "POST"])
def de_l_esms(request: Requete, finess: str) -> HttpResponse:
    """Les interlocuteurs propres à un ESMS : ils passent avant ceux de l'OG et de la grappe."""
    esms = get_object_or_404(Esms.objects.visibles_par(request.user).select_related("departement"), finess=finess)
    return _ecrire(request, esms, reverse("programme:carte-interlocuteurs", args=[finess]), esms=esms)


def _ecrire(request: Requete, cible: services.Cible, retour: str, **contexte: Any) -> HttpResponse:
    exiger(peut_tenir_la_carte(request.user, cible))
    connus = {i.sujet: i for i in services.de_la_cible(cible)}
    histoire = services.histoire_de(cible)
    formulaire = InterlocuteursForm(
        request.POST if request.method == "POST" else None,
        connus=connus,
        proposes=services.proposes(cible, au=timezone.localdate()),
        vu=jeton(histoire),
    )
    return saisir(
        request,
        formulaire,
        lambda: services.ecrire(
            cible=cible, lignes=formulaire.valeurs(), par=request.user, vu=formulaire.version_vue()
        ),
        retour=retour,
        succes=lambda changes: _en_mots(cible, len(changes)),
        relire=lambda: jeton(histoire),
        gabarit="programme/interlocuteur_saisie.html",
        cible=cible,
        **contexte,
    )


def _en_mots(cible: services.Cible, nombre: int) -> str:
    if not nombre:
        return f"{cible} : rien n'a changé."
    return f"{cible} : {accorde(nombre, 'interlocuteur mis à jour,interlocuteurs mis à jour')}."
