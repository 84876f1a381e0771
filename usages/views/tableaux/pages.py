"""Les pages des tableaux de bord ; `?format=csv&dessin=…` : la table d'un dessin."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme.models import OrganismeGestionnaire, Parcours, Region
from programme.socle import exports
from programme.socle.emporter import CSV, TYPES
from programme.views.grappes import grappe_visible
from programme.views.refus import exiger
from programme.views.requete import Requete
from usages import prevision_usage
from usages.enums import Maille
from usages.permissions import (
    peut_lire_le_tableau_d_og,
    peut_lire_le_tableau_de_region,
    peut_lire_le_tableau_du_pays,
    peut_lire_usages,
)
from usages.services.tableaux import emporter
from usages.services.tableaux.ensemble import TableauEnsemble, lire_ensemble
from usages.services.tableaux.esms import lire_tableau
from usages.services.tableaux.territoire import TableauTerritoire, lire_territoire
from usages.views.tableaux.adresse import Adresse

Tables = dict[str, Callable[[], emporter.Table]]


def _rendre(request: Requete, adresse: Adresse, gabarit: str, tables: Tables, contexte: dict[str, Any]) -> Any:
    """La page, ou la table du dessin demandé : le premier si l'on n'en nomme aucun."""
    if request.GET.get("format") == CSV:
        return _en_csv(tables.get(request.GET.get("dessin", ""), next(iter(tables.values())))(), adresse)
    adresses = {f"{nom}_csv": adresse.csv(nom) for nom in tables}
    return render(request, gabarit, contexte | adresses | {"adresse": adresse})


def _en_csv(table: emporter.Table, adresse: Adresse) -> StreamingHttpResponse:
    fichier = f"{table.nom}-{adresse.moment.mois.code}.csv"
    return StreamingHttpResponse(
        exports.csv_en_flux(table.entetes, table.lignes),
        content_type=TYPES[CSV],
        headers={"Content-Disposition": f'attachment; filename="{fichier}"'},
    )


@require_safe
def parcours(request: Requete, pk: int) -> HttpResponseBase:
    """Un ESMS : ce que sa direction voit en cinq secondes, puis le reste."""
    visibles = Parcours.objects.visibles_par(request.user).select_related("esms__departement", "grappe")
    parcours = get_object_or_404(visibles, pk=pk)
    exiger(peut_lire_usages(request.user, parcours))
    adresse = Adresse(request, timezone.localdate())
    page = lire_tableau(parcours, request.user, adresse.moment)
    tables: Tables = {"courbes": lambda: emporter.courbes_d_esms(page)}
    contexte = {"parcours": parcours, "page": page, "methode": prevision_usage.METHODE}
    return _rendre(request, adresse, "usages/tableau_esms.html", tables, contexte)


def _tables_d_ensemble(page: TableauEnsemble) -> Tables:
    return {
        "chaleur": lambda: emporter.chaleur_d_ensemble(page),
        "totaux": lambda: emporter.totaux(page.ensembles),
        "bouge": lambda: emporter.comparaison(page.ensembles),
    }


@require_safe
def grappe(request: Requete, pk: int) -> HttpResponseBase:
    """Une grappe : ESMS × indicateurs, totaux, ce qui a bougé, ce qui manque au financement."""
    grappe = grappe_visible(request, pk)
    exiger(peut_lire_usages(request.user, grappe))
    adresse = Adresse(request, timezone.localdate())
    siens = Parcours.objects.dans_le_projet().filter(grappe=grappe)
    lus = Parcours.objects.lisibles_par(request.user).dans_le_projet().filter(grappe=grappe)
    entier = siens.count() == lus.count()
    page = lire_ensemble(request.user, Maille.GRAPPE, str(grappe.pk), lus, adresse.moment, entier=entier)
    contexte = {"grappe": grappe, "page": page}
    return _rendre(request, adresse, "usages/tableau_grappe.html", _tables_d_ensemble(page), contexte)


@require_safe
def og(request: Requete, pk: int) -> HttpResponseBase:
    """Un organisme : tous ses ESMS du projet, quelle que soit leur grappe."""
    og = get_object_or_404(OrganismeGestionnaire.objects.visibles_par(request.user), pk=pk)
    exiger(peut_lire_le_tableau_d_og(request.user, og))
    adresse = Adresse(request, timezone.localdate())
    siens = Parcours.objects.lisibles_par(request.user).dans_le_projet().filter(esms__og=og)
    page = lire_ensemble(request.user, Maille.OG, str(og.pk), siens, adresse.moment, entier=True)
    return _rendre(request, adresse, "usages/tableau_og.html", _tables_d_ensemble(page), {"og": og, "page": page})


def _tables_de_territoire(page: TableauTerritoire) -> Tables:
    return {
        "totaux": lambda: emporter.totaux(page.ensembles),
        "bouge": lambda: emporter.comparaison(page.ensembles),
        "secteurs": lambda: emporter.secteurs(page),
        "regions": lambda: emporter.regions(page),
    }


@require_safe
def region(request: Requete, code: str) -> HttpResponseBase:
    """Une région : des totaux d'au moins cinq ESMS, et par secteur."""
    region = get_object_or_404(Region.objects.visibles_par(request.user), pk=code)
    exiger(peut_lire_le_tableau_de_region(request.user, region))
    adresse = Adresse(request, timezone.localdate())
    page = lire_territoire(request.user, Maille.REGION, region.pk, adresse.moment, adresse.indicateur)
    contexte = {
        "region": region,
        "page": page,
        "pays": bool(peut_lire_le_tableau_du_pays(request.user)),
    }
    return _rendre(request, adresse, "usages/tableau_region.html", _tables_de_territoire(page), contexte)


@require_safe
def pays(request: Requete) -> HttpResponse:
    """Le pays : des totaux, la carte des régions, et par secteur."""
    exiger(peut_lire_le_tableau_du_pays(request.user))
    adresse = Adresse(request, timezone.localdate())
    page = lire_territoire(request.user, Maille.NATIONAL, "", adresse.moment, adresse.indicateur)
    return _rendre(request, adresse, "usages/tableau_pays.html", _tables_de_territoire(page), {"page": page})
