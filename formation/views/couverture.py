"""La couverture de formation : une grappe, un organisme, une région, un ESMS et ses arrivants."""

from datetime import date
from typing import Any

from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from formation.dessins.couverture import dessiner_courbe
from formation.permissions import (
    peut_gerer_professionnels,
    peut_lire_couverture_d_og,
    peut_lire_couverture_de_region,
    peut_lire_formation,
    peut_organiser,
    peut_saisir_formation,
    peut_tenir_le_plan,
)
from formation.services import page_couverture as pages
from formation.services.arrivants import lire_arrivants
from formation.services.couverture_region import lire_region
from programme.models import OrganismeGestionnaire, Parcours, Region
from programme.socle import exports
from programme.socle.emporter import CSV, TYPES, XLSX
from programme.views.grappes import grappe_visible
from programme.views.refus import exiger
from programme.views.requete import Requete

LECTURE = ("esms__departement", "esms__og", "grappe")
ANNEES = range(2000, 2101)
"""Au-delà, un an de recul sort du calendrier."""
ILLISIBLE = "Date illisible : la couverture est celle d'aujourd'hui."


def parcours_lu(request: Requete, pk: int) -> Parcours:
    """L'ESMS, pour qui en lit la formation : 404 hors périmètre, 403 pour le financeur."""
    parcours = get_object_or_404(Parcours.objects.visibles_par(request.user).select_related(*LECTURE), pk=pk)
    exiger(peut_lire_formation(request.user, parcours))
    return parcours


def lire_date(request: Requete) -> tuple[date, str]:
    """La date demandée (`?au=`), et ce qui n'allait pas ; aujourd'hui à défaut."""
    ecrite = request.GET.get("au", "").strip()
    try:
        lue = parse_date(ecrite)
    except ValueError:
        lue = None
    if lue and lue.year not in ANNEES:
        lue = None
    return lue or timezone.localdate(), "" if lue or not ecrite else ILLISIBLE


def _emporter(page: pages.Ensemble, nom: str, format_demande: str) -> HttpResponseBase:
    """Le tableau de la page, en CSV ou en classeur."""
    fichier = f"couverture-{slugify(nom)}-{page.lue.au:%Y-%m-%d}.{format_demande}"
    if format_demande == CSV:
        entetes = {"Content-Disposition": f'attachment; filename="{fichier}"'}
        flux = exports.csv_en_flux(pages.ENTETES, pages.en_lignes(page))
        return StreamingHttpResponse(flux, content_type=TYPES[CSV], headers=entetes)
    classeur = exports.xlsx(f"Couverture au {page.lue.au:%d/%m/%Y}", pages.ENTETES, pages.en_lignes(page))
    return FileResponse(classeur, as_attachment=True, filename=fichier, content_type=TYPES[XLSX])


def _rendre_ensemble(
    request: Requete, page: pages.Ensemble, gabarit: str, nom: str, **contexte: Any
) -> HttpResponseBase:
    if (format_demande := request.GET.get("format", "")) in TYPES:
        return _emporter(page, nom, format_demande)
    return render(request, gabarit, contexte | {"page": page, "aujourdhui": timezone.localdate()})


@require_safe
def grappe(request: Requete, pk: int) -> HttpResponseBase:
    """La grappe d'un coup d'œil ; `?au=` : à une autre date ; `?format=csv|xlsx` : le tableau."""
    grappe = grappe_visible(request, pk)
    exiger(peut_lire_formation(request.user, grappe))
    au, faute = lire_date(request)
    tous = Parcours.objects.filter(grappe=grappe).dans_le_projet()
    lus = Parcours.objects.lisibles_par(request.user).dans_le_projet().filter(grappe=grappe)
    page = pages.lire_ensemble(tous, lus, request.user, au)
    return _rendre_ensemble(
        request,
        page,
        "formation/grappe_formation.html",
        grappe.nom,
        grappe=grappe,
        faute=faute,
        seuil=pages.seuil_de(grappe),
        conduit=bool(peut_tenir_le_plan(request.user, grappe)),
    )


@require_safe
def og(request: Requete, pk: int) -> HttpResponseBase:
    """Un organisme : tous ses ESMS du projet, quelle que soit leur grappe."""
    visibles = OrganismeGestionnaire.objects.visibles_par(request.user)
    og = get_object_or_404(visibles, pk=pk)
    exiger(peut_lire_couverture_d_og(request.user, og))
    au, faute = lire_date(request)
    siens = Parcours.objects.lisibles_par(request.user).dans_le_projet().filter(esms__og=og)
    page = pages.lire_ensemble(siens, siens, request.user, au)
    return _rendre_ensemble(request, page, "formation/og_formation.html", og.nom, og=og, faute=faute, seuil=page.seuil)


@require_safe
def region(request: Requete, code: str) -> HttpResponse:
    """Une région, depuis les comptes gardés : des sommes d'au moins cinq ESMS."""
    region = get_object_or_404(Region.objects.visibles_par(request.user), pk=code)
    exiger(peut_lire_couverture_de_region(request.user, region))
    lue = lire_region(region, request.user)
    contexte = {"region": region, "lue": lue, "courbe": dessiner_courbe(lue.courbe)}
    return render(request, "formation/region_formation.html", contexte)


@require_safe
def parcours(request: Requete, pk: int) -> HttpResponse:
    """Un ESMS : combien, qui manque, jour et nuit, ce qui vient, le geste suivant."""
    parcours = parcours_lu(request, pk)
    gere = bool(peut_gerer_professionnels(request.user, parcours))
    au, faute = lire_date(request)
    contexte = {
        "parcours": parcours,
        "page": pages.lire_esms(parcours, request.user, au, gere=gere),
        "arrivants": lire_arrivants(parcours, au),
        "gere": gere,
        "saisit": bool(peut_saisir_formation(request.user, parcours)),
        "organise": bool(peut_organiser(request.user, parcours)),
        "faute": faute,
        "aujourdhui": timezone.localdate(),
    }
    return render(request, "formation/parcours_formation.html", contexte)


@require_safe
def arrivants(request: Requete, pk: int) -> HttpResponse:
    """Les entrées de l'année qui restent à former, et les délais de l'entrée au compte, puis à la formation."""
    parcours = parcours_lu(request, pk)
    contexte = {
        "parcours": parcours,
        "lue": lire_arrivants(parcours, timezone.localdate()),
        "sessions": pages.prochaines_sessions(parcours, request.user),
        "gere": bool(peut_gerer_professionnels(request.user, parcours)),
        "saisit": bool(peut_saisir_formation(request.user, parcours)),
    }
    return render(request, "formation/parcours_arrivants.html", contexte)
