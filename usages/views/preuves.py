"""Les preuves d'usage d'un jalon de financement : les préparer, les lire, les emporter."""

from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from programme.documents.rendu import TYPE_PDF
from programme.forms.pieces import PieceForm
from programme.models import Jalon
from programme.services.journal import passages_en_journal
from programme.socle.exports import csv_en_flux
from programme.socle.pieces import pieces_de
from programme.views.pieces import garnir
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.documents import preuve as document
from usages.enums import EtatPreuve
from usages.forms.preuves import PreuveForm
from usages.models import PreuveUsage
from usages.permissions import peut_tenir_la_preuve
from usages.services import preuves as services

DETAIL = "usages:preuveusage-detail"


def preuve_visible(request: Requete, pk: int) -> PreuveUsage:
    """La preuve, ou 404 pour qui ne la voit pas."""
    return get_object_or_404(PreuveUsage.objects.visibles_par(request.user).pour_lecture(), pk=pk)


@require_http_methods(["GET", "POST"])
def detail(request: Requete, pk: int) -> HttpResponse:
    """La preuve : ses chiffres, ses pièces, sa signature ; y joindre ou en retirer une pièce."""
    preuve = preuve_visible(request, pk)
    tient, formulaire = peut_tenir_la_preuve(request.user, preuve), PieceForm()
    if request.method == "POST":
        exiger(tient)
        fautif = garnir(
            request,
            preuve,
            joindre=lambda fichier: services.joindre(preuve=preuve, fichier=fichier, par=request.user),
            retirer=lambda piece: services.retirer_piece(preuve=preuve, piece=piece, par=request.user),
        )
        if fautif is None:
            return redirect(DETAIL, pk=pk)
        formulaire = fautif
    contexte: dict[str, Any] = {
        "preuve": preuve,
        "dits": document.indicateurs(services.lire(preuve)),
        "pieces": pieces_de(preuve).select_related("deposee_par"),
        "formulaire": formulaire,
        "tient": bool(tient),
        "histoire": passages_en_journal(preuve),
    }
    return render(request, "usages/preuveusage_detail.html", contexte, status=422 if formulaire.errors else 200)


@require_safe
def du_jalon(request: Requete, pk: int) -> HttpResponse:
    """Les preuves d'un jalon : celle qu'on prépare, celles qui sont signées."""
    lues = PreuveUsage.objects.visibles_par(request.user).prefetch_related("indicateurs")
    jalon = get_object_or_404(Jalon.objects.visibles_par(request.user).pour_lecture(), pk=pk)
    contexte = {
        "jalon": jalon,
        "grappe": jalon.convention.grappe,
        "preuves": lues.filter(jalon=jalon),
        "tient": bool(peut_tenir_la_preuve(request.user, jalon)),
    }
    return render(request, "usages/jalon_preuves.html", contexte)


@require_http_methods(["GET", "POST"])
def creer(request: Requete, pk: int) -> HttpResponse:
    """Préparer la preuve d'un jalon."""
    jalon = get_object_or_404(Jalon.objects.visibles_par(request.user).pour_lecture(), pk=pk)
    exiger(peut_tenir_la_preuve(request.user, jalon))
    formulaire = PreuveForm(request.POST or None, jalon=jalon, preuve=None)
    return saisir(
        request,
        formulaire,
        lambda: services.preparer(jalon=jalon, par=request.user, **formulaire.champs()),
        retour=reverse("usages:jalon-preuves", args=[pk]),
        vers=lambda preuve: reverse(DETAIL, args=[preuve.pk]),
        succes="La preuve est préparée : relisez ses chiffres, joignez ses pièces, puis signez-la.",
        gabarit="usages/preuve_saisie.html",
        jalon=jalon,
        grappe=jalon.convention.grappe,
        titre="Préparer une preuve d’usage",
        libelle="Préparer la preuve",
    )


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Changer ce qu'arrête une preuve, tant qu'elle n'est pas signée."""
    preuve = preuve_visible(request, pk)
    exiger(peut_tenir_la_preuve(request.user, preuve))
    if preuve.etat != EtatPreuve.PREPAREE:
        return redirect(DETAIL, pk=pk)
    formulaire = PreuveForm(request.POST or None, jalon=preuve.jalon, preuve=preuve)
    return saisir(
        request,
        formulaire,
        lambda: services.corriger(preuve=preuve, par=request.user, **formulaire.champs()),
        retour=reverse(DETAIL, args=[pk]),
        succes="La preuve est à jour.",
        gabarit="usages/preuve_saisie.html",
        jalon=preuve.jalon,
        grappe=preuve.rattache_a,
        titre="Modifier la preuve d’usage",
        libelle="Enregistrer",
    )


@require_safe
def en_pdf(request: Requete, pk: int) -> HttpResponse:
    """Le document qui accompagne la demande de versement."""
    preuve = preuve_visible(request, pk)
    entete = {"Content-Disposition": f'inline; filename="{document.nom_du_fichier(preuve)}.pdf"'}
    return HttpResponse(document.en_pdf(preuve, services.lire(preuve)), content_type=TYPE_PDF, headers=entete)


@require_safe
def en_csv(request: Requete, pk: int) -> StreamingHttpResponse:
    """Les mêmes chiffres, pour un tableur."""
    preuve = preuve_visible(request, pk)
    entetes, *lignes = services.en_lignes(services.lire(preuve))
    nom = {"Content-Disposition": f'attachment; filename="{document.nom_du_fichier(preuve)}.csv"'}
    return StreamingHttpResponse(csv_en_flux(entetes, lignes), content_type="text/csv; charset=utf-8", headers=nom)
