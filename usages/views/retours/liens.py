"""Les liens de retour d'un ESMS : la liste, en créer, en révoquer, leur affiche."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from formation.forms.profils import SansChamp
from programme.models import Parcours
from programme.socle.nombres import accorde
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir
from usages.documents import affiches
from usages.forms.retours_reponses import LienForm
from usages.models import LienDeRetour
from usages.permissions import peut_tenir_les_liens
from usages.services.retours import liens as services
from usages.views.retours.reponses import en_pdf, parcours_lu

PAGE = "usages:parcours-liens"
CLOS = "Ce lien est clos : une affiche n'y mènerait plus personne. Créez-en un autre."
TOUS_PRIS = "Chaque unité a déjà son lien, et l'ESMS entier aussi : révoquez-en un pour le remplacer."


def _parcours_tenu(request: Requete, pk: int) -> Parcours:
    """L'ESMS, pour qui en tient les liens."""
    parcours = parcours_lu(request, pk)
    exiger(peut_tenir_les_liens(request.user, parcours))
    return parcours


def _lien_tenu(request: Requete, pk: int) -> LienDeRetour:
    """Le lien : 404 hors périmètre, 403 sans le droit."""
    lien = get_object_or_404(LienDeRetour.objects.visibles_par(request.user).pour_lecture(), pk=pk)
    exiger(peut_tenir_les_liens(request.user, lien))
    return lien


@require_safe
def parcours_liens(request: Requete, pk: int) -> HttpResponse:
    """Un lien par unité et un pour l'ESMS : leur adresse, leur affiche, ce qu'ils ont reçu."""
    parcours = _parcours_tenu(request, pk)
    lus, racine = services.lire_les_liens(parcours, timezone.localdate()), request.build_absolute_uri("/")
    contexte = {
        "parcours": parcours,
        "places": [(p, services.adresse_de(p.lien, racine) if p.lien else "") for p in lus.places],
        "clos": lus.clos,
        "aucun_ouvert": not any(p.lien for p in lus.places),
        "reste_a_creer": any(p.lien is None for p in lus.places),
    }
    return render(request, "usages/parcours_liens.html", contexte)


@require_http_methods(["GET", "POST"])
def creer(request: Requete, pk: int) -> HttpResponse:
    """Ouvrir un lien pour une unité, ou pour l'ESMS entier."""
    parcours = _parcours_tenu(request, pk)
    places = services.lire_les_liens(parcours, timezone.localdate()).places
    libres = [p.unite for p in places if p.lien is None]
    if not libres:
        raise PermissionDenied(TOUS_PRIS)
    formulaire = LienForm(
        request.POST or None, libres=libres, parcours=parcours, initial={"unite": request.GET.get("unite", "")}
    )
    return saisir(
        request,
        formulaire,
        lambda: services.creer_lien(parcours=parcours, par=request.user, **formulaire.champs()),
        retour=reverse(PAGE, args=[pk]),
        succes=lambda lien: f"Le lien de « {lien} » est ouvert : imprimez son affiche, ou envoyez son adresse.",
        gabarit="usages/lien_creer.html",
        parcours=parcours,
    )


@require_http_methods(["GET", "POST"])
def revoquer(request: Requete, pk: int) -> HttpResponse:
    """Fermer un lien pour de bon, une fois confirmé."""
    lien = _lien_tenu(request, pk)
    recus = lien.retours.count()
    gardes = accorde(recus, "retour reçu par ce lien reste,retours reçus par ce lien restent")
    return saisir(
        request,
        SansChamp(request.POST if request.method == "POST" else None),
        lambda: services.revoquer_lien(lien=lien, par=request.user),
        retour=reverse(PAGE, args=[lien.parcours_id]),
        succes=f"Le lien de « {lien} » est révoqué ; ce qu'il a reçu reste.",
        gabarit="usages/lien_revoquer.html",
        parcours=lien.parcours,
        titre=f"Révoquer le lien de « {lien} »",
        consequences=[
            "L'adresse et le code des affiches déjà imprimées n'ouvriront plus rien : décrochez-les.",
            f"{gardes}, et les réponses aussi." if recus else "Il n'a reçu aucun retour.",
            "Un lien révoqué ne se rouvre pas ; on en crée un autre, à une autre adresse.",
        ],
        libelle="Révoquer le lien",
        annuler_url=reverse(PAGE, args=[lien.parcours_id]),
    )


@require_safe
def affiche(request: Requete, pk: int) -> HttpResponse:
    """L'affiche d'un lien, ou quatre cartes à découper (`?papier=cartes`)."""
    lien = _lien_tenu(request, pk)
    if not lien.est_ouvert(timezone.localdate()):
        raise PermissionDenied(CLOS)
    adresse = services.adresse_de(lien, request.build_absolute_uri("/"))
    return en_pdf(affiches.affiche_du_lien(lien, adresse, en_cartes=request.GET.get("papier") == "cartes"))
