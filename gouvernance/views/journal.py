"""Le journal du projet d'une grappe ou d'un ESMS : le lire, y écrire, dire à qui l'on publie."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from gouvernance.enums import Public
from gouvernance.forms.journal import EntreeForm, NouvelleEntreeForm, PublicsForm
from gouvernance.models import Entree
from gouvernance.permissions import peut_tenir_journal
from gouvernance.services import journal as services
from gouvernance.services import pages_ouvertes
from programme.contexte import oublier_le_compte
from programme.models import Parcours
from programme.services.actions import Cible
from programme.socle.nombres import liste
from programme.socle.versions import jeton
from programme.views.grappes import grappe_visible
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir

LUS = ("esms__og", "esms__departement__region", "grappe__region")


def parcours_visible(request: Requete, pk: int) -> Parcours:
    """L'ESMS, ou 404 pour qui ne le voit pas."""
    return get_object_or_404(Parcours.objects.visibles_par(request.user).select_related(*LUS), pk=pk)


def page_du_journal(cible: Cible, entree: Entree | None = None) -> str:
    """L'adresse du journal d'un ESMS ou d'une grappe ; celle d'une entrée y mène tout droit."""
    nom = "parcours" if isinstance(cible, Parcours) else "grappe"
    ancre = f"#entree-{entree.pk}" if entree else ""
    return reverse(f"gouvernance:{nom}-journal", args=[cible.pk]) + ancre


def en_mots(publics: list[Public]) -> str:
    """« les équipes et le financeur »."""
    return liste([str(public.label)[:1].lower() + str(public.label)[1:] for public in publics])


def _dire_ecrite(entree: Entree) -> str:
    publics = services.publics_de(entree)
    if not publics:
        return f"L’entrée « {entree} » est écrite. Elle n’est publiée à personne pour l’instant."
    return f"L’entrée « {entree} » est écrite, et publiée : {en_mots(publics)}."


def _journal(request: Requete, cible: Cible, gabarit: str, **contexte: Any) -> HttpResponse:
    """Le fil, et de quoi y écrire pour qui le tient."""
    droit = peut_tenir_journal(request.user, cible)
    if request.method == "POST":
        exiger(droit)
    formulaire, public = NouvelleEntreeForm(request.POST or None), request.GET.get("public", "")
    ouverte, nb_pages = pages_ouvertes.page_de(cible), pages_ouvertes.pages_qui_la_montrent(cible)
    return saisir(
        request,
        formulaire,
        lambda: services.ecrire(cible=cible, par=request.user, **formulaire.champs()),
        retour=page_du_journal(cible),
        succes=_dire_ecrite,
        gabarit=gabarit,
        cible=cible,
        page=services.page_du_fil(cible, par=request.user, numero=request.GET.get("page"), public=public),
        public=public if public in Public.values else "",
        publics=Public,
        droit=droit,
        ouverte=ouverte,
        nb_pages=nb_pages,
        d_esms=nb_pages > bool(ouverte),
        **contexte,
    )


@require_http_methods(["GET", "POST"])
def parcours_journal(request: Requete, pk: int) -> HttpResponse:
    """Le journal d'un ESMS, avec ce qui vaut pour toute sa grappe."""
    parcours = parcours_visible(request, pk)
    return _journal(request, parcours, "gouvernance/journal_parcours.html", parcours=parcours)


@require_http_methods(["GET", "POST"])
def grappe_journal(request: Requete, pk: int) -> HttpResponse:
    """Le journal d'une grappe, avec ce que ses ESMS y ont publié au lecteur."""
    grappe = grappe_visible(request, pk)
    return _journal(request, grappe, "gouvernance/journal_grappe.html", grappe=grappe)


# --- une entrée ----------------------------------------------------------------------------------------------------


def _entree(request: Requete, pk: int) -> Entree:
    """L'entrée, pour qui tient ce journal : 404 hors de ce qu'il lit, 403 sans le droit."""
    vues = Entree.objects.visibles_par(request.user).select_related(
        "grappe__region", "parcours__esms__departement", "parcours__grappe", "auteur"
    )
    entree = get_object_or_404(vues, pk=pk)
    exiger(peut_tenir_journal(request.user, entree))
    return entree


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Corriger une entrée ; si l'on s'est croisés, la saisie reste."""
    entree = _entree(request, pk)
    formulaire = EntreeForm(request.POST or None, entree=entree, initial={"vu": jeton(entree.history.all())})
    return saisir(
        request,
        formulaire,
        lambda: services.modifier(entree=entree, par=request.user, vu=formulaire.version_vue(), **formulaire.champs()),
        relire=lambda: jeton(entree.history.all()),
        retour=page_du_journal(entree.rattache_a, entree),
        succes=lambda corrigee: f"L’entrée « {corrigee} » est corrigée.",
        gabarit="gouvernance/entree_modifier.html",
        entree=entree,
        publics=services.publics_de(entree),
    )


def _dire_publiee(entree: Entree, change: tuple[list[Public], list[Public]]) -> str:
    ajoutes, retires = change
    faits = [f"publiée : {en_mots(ajoutes)}"] if ajoutes else []
    faits += [f"retirée : {en_mots(retires)}"] if retires else []
    return f"« {entree} », {' ; '.join(faits)}." if faits else f"« {entree} » : rien n’a changé."


@require_http_methods(["GET", "POST"])
def publier(request: Requete, pk: int) -> HttpResponse:
    """À qui s'adresse une entrée : cocher la publie, décocher la retire."""
    entree = _entree(request, pk)
    formulaire = PublicsForm(request.POST or None, publies=services.publics_de(entree))
    return saisir(
        request,
        formulaire,
        lambda: services.adresser(entree=entree, par=request.user, **formulaire.choix()),
        retour=page_du_journal(entree.rattache_a, entree),
        succes=lambda change: _dire_publiee(entree, change),
        gabarit="gouvernance/entree_publier.html",
        entree=entree,
        nb_pages=pages_ouvertes.pages_qui_la_montrent(entree.rattache_a),
    )


@require_POST
def retirer(request: Requete, pk: int) -> HttpResponse:
    """La retire à tous ses publics ; elle reste au journal, pour qui le tient."""
    entree = _entree(request, pk)
    retires = services.retirer(entree=entree, par=request.user)
    if retires:
        messages.success(request, f"« {entree} » est retirée : {en_mots(retires)} ne la lisent plus.")
    else:
        messages.info(request, f"« {entree} » n’était publiée à personne.")
    return oublier_le_compte(redirect(page_du_journal(entree.rattache_a, entree)))
