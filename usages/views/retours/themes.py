"""Ce que disent les retours dans le temps, d'un ESMS ou d'une grappe ; le dossier du comité utilisateurs."""

from collections.abc import Collection
from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme.documents.rendu import TYPE_PDF
from programme.models import Grappe, Parcours
from programme.socle import exports
from programme.socle.emporter import CSV, TYPES
from programme.socle.reglages import PageAVues, garde_des_vues
from programme.socle.vues import menu_de
from programme.views.grappes import grappe_visible
from programme.views.refus import exiger
from programme.views.requete import Requete
from usages.calculs.retours import Charge
from usages.dessins.delais import en_mots
from usages.dessins.retours import REGLE_DE_CHARGE, courbe_de
from usages.documents import comite as document
from usages.models import Retour
from usages.permissions import peut_lire_usages, peut_suivre_les_editeurs
from usages.services.retours.comite import lire_comite
from usages.services.retours.dus import lire_dus
from usages.services.retours.emporter import Tables, tables
from usages.services.retours.saturation import charge_d_esms, charge_de_grappe
from usages.services.retours.themes import lire
from usages.services.tableaux.emporter import Table
from usages.views.retours.periode import AdresseRetours


def _parcours(request: Any, pk: Any) -> Parcours:
    visibles = Parcours.objects.visibles_par(request.user).select_related("esms__departement", "grappe")
    parcours = get_object_or_404(visibles, pk=pk)
    exiger(peut_lire_usages(request.user, parcours))
    return parcours


def _grappe(request: Any, pk: Any) -> Grappe:
    grappe = grappe_visible(request, pk)
    exiger(peut_lire_usages(request.user, grappe))
    return grappe


def _page(titre: str, route: str, trouver: Any, modele: Any) -> PageAVues:
    def regler(request: Any, objet: str) -> AdresseRetours:
        trouver(request, objet)
        return AdresseRetours(request, timezone.localdate(), titre=titre, route=route, objet=objet)

    def nommer(utilisateur: Any, objets: Collection[str]) -> dict[str, str]:
        return {str(o.pk): str(o) for o in modele.objects.visibles_par(utilisateur).filter(pk__in=objets)}

    return PageAVues(titre, regler, nommer)


D_ESMS = _page("Retours d’un ESMS dans le temps", "usages:parcours-retours-themes", _parcours, Parcours)
DE_GRAPPE = _page("Retours d’une grappe dans le temps", "usages:grappe-retours-themes", _grappe, Grappe)


def _adresse(request: Requete, page: PageAVues, objet: int) -> AdresseRetours:
    route = request.resolver_match.view_name if request.resolver_match else ""
    return AdresseRetours(request, timezone.localdate(), titre=page.titre, route=route, objet=str(objet))


@garde_des_vues(D_ESMS)
@require_safe
def parcours_themes(request: Requete, pk: int) -> HttpResponseBase:
    """Les retours d'un ESMS dans le temps."""
    parcours = _parcours(request, pk)
    adresse = _adresse(request, D_ESMS, pk)
    charge = charge_d_esms(parcours, request.user, timezone.localdate())
    siens = Parcours.objects.filter(pk=pk)
    return _rendre(request, adresse, siens, charge, "usages/parcours_retours_themes.html", {"parcours": parcours})


@garde_des_vues(DE_GRAPPE)
@require_safe
def grappe_themes(request: Requete, pk: int) -> HttpResponseBase:
    """Les retours d'une grappe dans le temps, pour ce que le lecteur en voit."""
    grappe = _grappe(request, pk)
    adresse = _adresse(request, DE_GRAPPE, pk)
    charge = charge_de_grappe(grappe, request.user, timezone.localdate())
    siens = Parcours.objects.lisibles_par(request.user).dans_le_projet().filter(grappe=grappe)
    contexte = {"grappe": grappe, "suit": bool(peut_suivre_les_editeurs(request.user, grappe))}
    return _rendre(request, adresse, siens, charge, "usages/grappe_retours_themes.html", contexte)


def _rendre(
    request: Requete, adresse: Any, parcours: Any, charge: Charge, gabarit: str, contexte: dict[str, Any]
) -> HttpResponseBase:
    """La page, ou la table du dessin demandé : le premier si l'on n'en nomme aucun."""
    au = timezone.localdate()
    retours = Retour.objects.visibles_par(request.user).filter(parcours__in=parcours.order_by().values("pk"))
    lu, dus = lire(retours, parcours, adresse.mois, au), lire_dus(retours, request.user, au)
    emportees = tables(lu, dus, charge)
    if request.GET.get("format") == CSV:
        return _en_csv(emportees, request.GET.get("dessin", ""))
    contexte |= {"lu": lu, "dus": dus, "charge": charge, "courbe": courbe_de(charge), "regle": REGLE_DE_CHARGE}
    contexte |= {"delais": [(mot, en_mots(d.mediane), en_mots(d.p90), d) for mot, d in _delais(lu)]}
    contexte |= {f"{nom}_csv": adresse.csv(nom) for nom in emportees}
    return render(request, gabarit, contexte | {"adresse": adresse, "vues": menu_de(adresse)})


def _delais(lu: Any) -> list[tuple[str, Any]]:
    return [("Lire un retour", lu.lecture), ("Y répondre", lu.reponse)]


def _en_csv(emportees: Tables, dessin: str) -> StreamingHttpResponse:
    table: Table = emportees.get(dessin, next(iter(emportees.values())))()
    entete = {"Content-Disposition": f'attachment; filename="{table.nom}-{timezone.localdate():%Y-%m-%d}.csv"'}
    lignes = exports.csv_en_flux(table.entetes, table.lignes)
    return StreamingHttpResponse(lignes, content_type=TYPES[CSV], headers=entete)


@require_safe
def comite(request: Requete, pk: int) -> HttpResponse:
    """Le dossier du comité utilisateurs, à distribuer : des résumés, jamais un texte d'équipe."""
    grappe = _grappe(request, pk)
    dossier = document.dossier_de(lire_comite(grappe, request.user, timezone.localdate()))
    entete = {"Content-Disposition": f'inline; filename="{dossier.nom}"'}
    return HttpResponse(dossier.en_pdf(), content_type=TYPE_PDF, headers=entete)
