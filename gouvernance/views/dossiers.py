"""Le dossier d'une séance : le faire d'un geste, le lire, l'emporter."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from gouvernance.documents.dossier import FORMES, disposer, document_de
from gouvernance.models import DossierSeance, Seance
from gouvernance.models.seances import A_VENIR
from gouvernance.permissions import peut_suivre_seance, peut_tenir_seance
from gouvernance.services import dossiers
from programme.models import Utilisateur
from programme.socle.erreurs import Refus
from programme.socle.models import Travail
from programme.views.refus import exiger
from programme.views.requete import Requete

MONTRES = 10


def seance_suivie(utilisateur: Utilisateur, pk: int) -> Seance:
    """La séance, pour qui la suit : 404 hors périmètre, 403 pour qui n'en lit que le compte rendu partagé."""
    seance = get_object_or_404(Seance.objects.visibles_par(utilisateur).pour_lecture(), pk=pk)
    exiger(peut_suivre_seance(utilisateur, seance))
    return seance


def dossier_visible(request: Requete, pk: int) -> DossierSeance:
    """Le dossier, pour qui suit sa séance."""
    lus = DossierSeance.objects.visibles_par(request.user).select_related("seance__comite__grappe", "fait_par")
    return get_object_or_404(lus, pk=pk)


@require_http_methods(["GET", "POST"])
def seance_dossier(request: Requete, pk: int) -> HttpResponse:
    """GET : le dernier dossier, ou de quoi le faire. POST : en fait un, tout de suite ou en tâche de fond."""
    seance = seance_suivie(request.user, pk)
    if request.method != "POST":
        return _montrer(request, seance, dossiers.dernier_de(seance))
    exiger(peut_tenir_seance(request.user, seance))
    try:
        fait = dossiers.demander(seance=seance, par=request.user)
    except Refus as refus:
        messages.error(request, refus.motif)
        return redirect("gouvernance:seance-dossier", pk=pk)
    if isinstance(fait, Travail):
        messages.info(request, f"Le dossier de « {seance} » se prépare : la page se rafraîchit d'elle-même.")
    else:
        messages.success(request, f"Le dossier de « {seance} » est fait.")
    return redirect("gouvernance:seance-dossier", pk=pk)


@require_safe
def dossier_detail(request: Requete, pk: int) -> HttpResponse:
    """Un dossier tel qu'il fut figé, le dernier ou un d'avant."""
    dossier = dossier_visible(request, pk)
    return _montrer(request, dossier.seance, dossier)


def _montrer(request: Requete, seance: Seance, dossier: DossierSeance | None) -> HttpResponse:
    lignes = seance.dossiers.select_related("fait_par").defer("contenu")
    autres = list((lignes.exclude(pk=dossier.pk) if dossier else lignes)[:MONTRES])
    plus_recent = next((d for d in autres if dossier and d.pk > dossier.pk), None)
    contexte: dict[str, Any] = {
        "seance": seance,
        "dossier": dossier,
        "autres": autres,
        "plus_recent": plus_recent,
        "tient": bool(peut_tenir_seance(request.user, seance)) and seance.etat in A_VENIR,
        "travail": dossiers.travail_montre(seance, request.user, plus_recent or dossier),
        "long": dossiers.nb_esms(seance) > dossiers.SEUIL,
    }
    if dossier:
        contexte |= _en_page(disposer(dossier.contenu)) | {"intact": dossiers.est_intact(dossier)}
    return render(request, "gouvernance/seance_dossier.html", contexte)


def _en_page(lu: dict[str, Any]) -> dict[str, Any]:
    """Le même, les lignes en paires (colonne, case) : un gabarit ne marche pas deux listes de front."""
    tableaux = [b for c in lu["chapitres"] for b in c["blocs"] if b["genre"] == "tableau"]
    for bloc in tableaux:
        bloc["rangees"] = [list(zip(bloc["colonnes"], ligne, strict=True)) for ligne in bloc["lignes"]]
    return lu


@require_safe
def dossier_fichier(request: Requete, pk: int, forme: str) -> HttpResponse:
    """Le PDF balisé, ou le DOCX à reprendre."""
    return emporter(dossier_visible(request, pk), forme)


def emporter(dossier: DossierSeance, forme: str) -> HttpResponse:
    """Le fichier d'un dossier, dans une des `FORMES`."""
    document = document_de(dossier)
    return HttpResponse(
        document.en_octets(forme),
        content_type=FORMES[forme],
        headers={"Content-Disposition": f'attachment; filename="{document.nom}.{forme}"'},
    )
