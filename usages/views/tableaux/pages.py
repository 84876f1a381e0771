"""Les pages des tableaux de bord ; `?format=csv&dessin=…` : la table d'un dessin."""

from collections.abc import Callable, Collection
from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme.models import Grappe, OrganismeGestionnaire, Parcours, Region
from programme.socle import exports
from programme.socle.emporter import CSV, TYPES
from programme.socle.reglages import PageAVues, garde_des_vues
from programme.socle.vues import menu_de
from programme.views.grappes import grappe_visible
from programme.views.refus import exiger
from programme.views.requete import Requete
from usages.calculs import prevision_usage
from usages.enums import Maille
from usages.permissions import (
    peut_lire_le_tableau_d_og,
    peut_lire_le_tableau_de_region,
    peut_lire_le_tableau_du_pays,
    peut_lire_usages,
)
from usages.services.tableaux import emporter
from usages.services.tableaux.choisis import plus_suivis
from usages.services.tableaux.ensemble import TableauEnsemble, lire_grappe, lire_og
from usages.services.tableaux.esms import lire_tableau
from usages.services.tableaux.territoire import TableauTerritoire, lire_territoire
from usages.views.tableaux.adresse import Adresse

Tables = dict[str, Callable[[], emporter.Table]]


def _rendre(
    request: Requete,
    adresse: Adresse,
    gabarit: str,
    tables: Tables,
    page: Any,
    contexte: dict[str, Any],
    grappe: int | None = None,
) -> Any:
    """La page, ou la table du dessin demandé : le premier si l'on n'en nomme aucun."""
    if request.GET.get("format") == CSV:
        return _en_csv(tables.get(request.GET.get("dessin", ""), next(iter(tables.values())))(), adresse)
    reglages: dict[str, Any] = {f"{nom}_csv": adresse.csv(nom) for nom in tables}
    reglages |= {"adresse": adresse, "vues": menu_de(adresse), "page": page}
    reglages["plus_suivis"] = plus_suivis(adresse.choisis, page.relus, adresse.au, grappe)
    return render(request, gabarit, contexte | reglages)


def _en_csv(table: emporter.Table, adresse: Adresse) -> StreamingHttpResponse:
    fichier = f"{table.nom}-{adresse.moment.mois.code}.csv"
    return StreamingHttpResponse(
        exports.csv_en_flux(table.entetes, table.lignes),
        content_type=TYPES[CSV],
        headers={"Content-Disposition": f'attachment; filename="{fichier}"'},
    )


# --- qui ouvre quoi ---------------------------------------------------------------------------------------------------


def _parcours(request: Any, pk: Any) -> Parcours:
    visibles = Parcours.objects.visibles_par(request.user).select_related("esms__departement", "grappe")
    parcours = get_object_or_404(visibles, pk=pk)
    exiger(peut_lire_usages(request.user, parcours))
    return parcours


def _grappe(request: Any, pk: Any) -> Grappe:
    grappe = grappe_visible(request, pk)
    exiger(peut_lire_usages(request.user, grappe))
    return grappe


def _og(request: Any, pk: Any) -> OrganismeGestionnaire:
    og = get_object_or_404(OrganismeGestionnaire.objects.visibles_par(request.user), pk=pk)
    exiger(peut_lire_le_tableau_d_og(request.user, og))
    return og


def _region(request: Any, code: str) -> Region:
    region = get_object_or_404(Region.objects.visibles_par(request.user), pk=code)
    exiger(peut_lire_le_tableau_de_region(request.user, region))
    return region


def _pays(request: Any, objet: str) -> None:
    exiger(peut_lire_le_tableau_du_pays(request.user))


def _page(titre: str, route: str, trouver: Callable[[Any, Any], Any], modele: Any = None) -> PageAVues:
    """Une page qui garde des vues ; `trouver` lève ce que lève la page."""

    def regler(request: Any, objet: str) -> Adresse:
        trouver(request, objet)
        return Adresse(request, timezone.localdate(), titre=titre, route=route, objet=objet)

    def nommer(utilisateur: Any, objets: Collection[str]) -> dict[str, str]:
        return (
            {str(o.pk): str(o) for o in modele.objects.visibles_par(utilisateur).filter(pk__in=objets)}
            if modele
            else {}
        )

    return PageAVues(titre, regler, nommer)


D_ESMS = _page("Tableau de bord d’un ESMS", "usages:parcours-tableau-de-bord", _parcours, Parcours)
DE_GRAPPE = _page("Tableau de bord d’une grappe", "usages:grappe-tableau-de-bord", _grappe, Grappe)
D_OG = _page("Tableau de bord d’un organisme", "usages:og-tableau-de-bord", _og, OrganismeGestionnaire)
DE_REGION = _page("Tableau de bord d’une région", "usages:region-tableau-de-bord", _region, Region)
DU_PAYS = _page("Tableau de bord du pays", "usages:pays-tableau-de-bord", _pays)


# --- les pages -------------------------------------------------------------------------------------------------------


@garde_des_vues(D_ESMS)
@require_safe
def parcours(request: Requete, pk: int) -> HttpResponseBase:
    """Un ESMS : ce que sa direction voit en cinq secondes, puis le reste."""
    parcours = _parcours(request, pk)
    adresse = _adresse(request, D_ESMS, pk)
    page = lire_tableau(parcours, request.user, adresse.moment)
    tables: Tables = {"courbes": lambda: emporter.courbes_d_esms(page)}
    contexte = {"parcours": parcours, "methode": prevision_usage.METHODE}
    return _rendre(request, adresse, "usages/tableau_esms.html", tables, page, contexte, parcours.grappe_id)


def _adresse(request: Requete, page: PageAVues, objet: Any = "") -> Adresse:
    route = request.resolver_match.view_name if request.resolver_match else ""
    return Adresse(request, timezone.localdate(), titre=page.titre, route=route, objet=str(objet))


def _tables_d_ensemble(page: TableauEnsemble) -> Tables:
    return {
        "chaleur": lambda: emporter.chaleur_d_ensemble(page),
        "totaux": lambda: emporter.totaux(page.ensembles),
        "bouge": lambda: emporter.comparaison(page.ensembles),
    }


@garde_des_vues(DE_GRAPPE)
@require_safe
def grappe(request: Requete, pk: int) -> HttpResponseBase:
    """Une grappe : ESMS × indicateurs, totaux, ce qui a bougé, ce qui manque au financement."""
    grappe = _grappe(request, pk)
    adresse = _adresse(request, DE_GRAPPE, pk)
    page = lire_grappe(request.user, grappe, adresse.moment)
    tables = _tables_d_ensemble(page)
    return _rendre(request, adresse, "usages/tableau_grappe.html", tables, page, {"grappe": grappe}, grappe.pk)


@garde_des_vues(D_OG)
@require_safe
def og(request: Requete, pk: int) -> HttpResponseBase:
    """Un organisme : tous ses ESMS du projet, quelle que soit leur grappe."""
    og = _og(request, pk)
    adresse = _adresse(request, D_OG, pk)
    page = lire_og(request.user, og, adresse.moment)
    return _rendre(request, adresse, "usages/tableau_og.html", _tables_d_ensemble(page), page, {"og": og})


def _tables_de_territoire(page: TableauTerritoire) -> Tables:
    return {
        "totaux": lambda: emporter.totaux(page.ensembles),
        "bouge": lambda: emporter.comparaison(page.ensembles),
        "secteurs": lambda: emporter.secteurs(page),
        "regions": lambda: emporter.regions(page),
    }


@garde_des_vues(DE_REGION)
@require_safe
def region(request: Requete, code: str) -> HttpResponseBase:
    """Une région : des totaux d'au moins cinq ESMS, et par secteur."""
    region = _region(request, code)
    adresse = _adresse(request, DE_REGION, code)
    page = lire_territoire(request.user, Maille.REGION, region.pk, adresse.moment, adresse.indicateur)
    contexte = {"region": region, "pays": bool(peut_lire_le_tableau_du_pays(request.user))}
    return _rendre(request, adresse, "usages/tableau_region.html", _tables_de_territoire(page), page, contexte)


@garde_des_vues(DU_PAYS)
@require_safe
def pays(request: Requete) -> HttpResponse:
    """Le pays : des totaux, la carte des régions, et par secteur."""
    _pays(request, "")
    adresse = _adresse(request, DU_PAYS)
    page = lire_territoire(request.user, Maille.NATIONAL, "", adresse.moment, adresse.indicateur)
    return _rendre(request, adresse, "usages/tableau_pays.html", _tables_de_territoire(page), page, {})
